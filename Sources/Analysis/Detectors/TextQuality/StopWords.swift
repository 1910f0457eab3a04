/// The commonest words of some languages written in Latin letters, by which a text is told to be of
/// one of them (Ingle 1976; Grefenstette 1995 found them good from some fifteen words on).
struct StopWords {
  /// The languages in the order of their bits.
  static let languages: [String] = lists.map(\.language)

  private static let lists: [(language: String, words: String)] = [
    (
      "English",
      "the and of to is that it for was with are this you have be not on they which from but his "
        + "had what when we there been would who my your so can if all just"
    ),
    (
      "German",
      "der die und das ist nicht ich sie mit den von zu auf für ein eine auch dem sich wie war aber "
        + "im des oder wird bei noch nach sind"
    ),
    (
      "French",
      "le la les et des est une un que qui dans pour pas je vous nous il elle ce avec sur du au mais "
        + "plus cette sont être ne ou"
    ),
    (
      "Spanish",
      "el la los las que es una un por con para no se del está como pero más su al lo muy este esta "
        + "todo cuando también hay fue"
    ),
    (
      "Italian",
      "il che di la un una per non con sono del della le gli anche come ma più questo nel alla dei si "
        + "ho lo molto essere perché è"
    ),
    (
      "Portuguese",
      "que de não uma um com para os as do da em por mais se como mas muito foi ao ele você isso são "
        + "está também seu na no"
    ),
    (
      "Dutch",
      "de het een en van ik is niet dat je op te zijn voor met die maar er aan ook als wat bij naar "
        + "heeft nog wij deze worden hij"
    ),
    (
      "Swedish",
      "och att det är som en på för inte jag med av till den har ett om men var så vi från kan när "
        + "eller han hon ska också mycket"
    ),
    (
      "Danish or Norwegian",
      "og at det er som en på for ikke jeg med af av til den har et om men var så vi fra kan når eller "
        + "han hun skal også meget"
    ),
    (
      "Polish",
      "nie na się to że jest do jak ale co za tak od po dla przez czy był tym już jego może bardzo są "
        + "tylko przy oraz"
    ),
    (
      "Czech",
      "je se na že to do si jsem ale jako by pro jsou nebo byl tak který po není jak co za už aby při "
        + "také"
    ),
    (
      "Romanian",
      "și de la nu în pe cu este că din mai sunt pentru ce un au care dar ca fi sau după acest fost "
        + "lui ai am era"
    ),
    (
      "Hungarian",
      "az és hogy nem is egy van ez de meg csak már mint volt ha el még vagy ki azt kell mert amely "
        + "ezt lehet nagyon itt úgy"
    ),
    (
      "Turkish",
      "ve bir bu için ile de da çok ama değil olarak gibi daha var ne kadar olan sonra en ben mi her "
        + "şey ki diye veya ise yok hem"
    ),
    (
      "Finnish",
      "ja on ei että se oli kun mutta niin ovat tai myös hän joka minä olen jos ole sen siitä kuin "
        + "vain tämä mitä kanssa sekä nyt vielä voi ollut"
    ),
    (
      "Indonesian",
      "yang dan di ini itu dengan untuk tidak dari dalam akan pada adalah saya ke karena bisa ada juga "
        + "anda oleh kami sudah atau mereka kita orang lebih telah seperti"
    ),
  ]

  /// Words after which no text ends.
  static let openWords: Set<UInt64> = Set(
    ("the an and or but because which whose their your my our than although whereas und oder weil "
      + "dass et les des une porque los las het een och eller")
      .split(separator: " ").map { WordHash.of($0.utf8) })

  private static let slotCount = 2_048
  /// Open addressing by the hashes of words; 0 is free.
  private let hashes: [UInt64]
  /// The languages that have the word, a bit each.
  private let masks: [UInt16]

  init() {
    var hashes = [UInt64](repeating: 0, count: Self.slotCount)
    var masks = [UInt16](repeating: 0, count: Self.slotCount)
    for (language, list) in Self.lists.enumerated() {
      for word in list.words.split(separator: " ") {
        let hash = WordHash.of(word.utf8)
        var slot = Int(hash & UInt64(Self.slotCount - 1))
        while hashes[slot] != 0, hashes[slot] != hash { slot = (slot + 1) & (Self.slotCount - 1) }
        hashes[slot] = hash
        masks[slot] |= 1 << UInt16(language)
      }
    }
    self.hashes = hashes
    self.masks = masks
  }

  /// The languages that have a word, a bit each.
  func languages(of hash: UInt64) -> UInt16 {
    var slot = Int(hash & UInt64(Self.slotCount - 1))
    while hashes[slot] != 0 {
      if hashes[slot] == hash { return masks[slot] }
      slot = (slot + 1) & (Self.slotCount - 1)
    }
    return 0
  }
}
