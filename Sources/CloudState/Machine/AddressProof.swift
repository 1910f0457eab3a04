// Whose an address is. Anybody may register with any: an account is its address's owner's only once somebody
// who reads the mail there has it. So nobody makes an account a member, or an owner, of anything that they
// do not own before that is proven, with two exceptions: an account that never had a password was never
// anybody's, and comes to its owner by a reset; and whoever accepts an invitation in a session of the account
// that it names shows both that the token came to them and that the account is theirs.
//
// A proof shows that one person has both mail and account. So it also has to end what others have: a proof
// that replaces the password ends sessions and secrets, one by session is taken only where nobody else has
// chosen the password. Hence a proven account never has a password that somebody else has chosen.

extension Transition {
  /// What anybody but the user needs to make an account a member.
  func requireProof(of user: User) throws(Rejection) {
    guard user.passwordHash != nil else { return }
    guard user.emailVerifiedAt != nil else { throw .conflict(.emailNotVerified) }
    try requireOwnPassword(of: user)
  }

  func requireOwnPassword(of user: User) throws(Rejection) {
    guard !user.mustChangePassword else { throw .conflict(.passwordNotOwn) }
  }

  /// Takes it as proven that the address is the user's.
  func prove(_ user: User) throws -> User {
    guard user.emailVerifiedAt == nil else { return user }
    var user = user
    user.emailVerifiedAt = now
    try connection.run("UPDATE users SET email_verified_at = ? WHERE id = ?", now, user.id)
    try connection.run("DELETE FROM email_verifications WHERE user_id = ?", user.id)
    return user
  }
}
