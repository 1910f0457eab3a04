import Foundation
import NodeGateway

/// What the operator decided about mail to people.
struct MailerSettings {
  /// Nothing if nobody sends mail.
  var options: MailerOptions?

  /// - Throws: `StartupError` that names the option and what it takes.
  init(_ sources: SettingSources) throws {
    let secret = sources.text(.mailerSecret)
    guard let (url, origin) = sources.value(of: .mailerURL) else {
      guard secret == nil else {
        throw StartupError.usage("there is a mailer's secret but no mailer; set --mailer-url")
      }
      return
    }
    guard let parts = URLComponents(string: url, encodingInvalidCharacters: false),
      let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
      let host = parts.host, !host.isEmpty, parts.fragment == nil
    else { throw StartupError.usage("\(origin) is '\(url)'; it takes a URL of http or https") }
    options = MailerOptions(url: url, secret: secret)
  }
}
