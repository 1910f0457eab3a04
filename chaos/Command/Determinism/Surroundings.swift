import Foundation
import Raft

/// What a process is surrounded by, and must leave no trace in the state.
struct Surroundings {
  var locale: String
  var timeZone: String
  /// Whether sets and dictionaries have the order that they have in every process, or one of their own.
  var hasFixedHashing: Bool

  static let plain = Surroundings(locale: "C", timeZone: "UTC", hasFixedHashing: true)

  /// Languages that sort, fold and write numbers and dates in ways of their own. A locale that is not
  /// installed is as good as C; `Scripts/check-states` makes all of them.
  static let locales = [
    "tr_TR.UTF-8", "ar_EG.UTF-8", "de_DE.UTF-8", "lt_LT.UTF-8", "th_TH.UTF-8", "fa_IR.UTF-8",
    "C.UTF-8",
  ]
  /// From 14 hours ahead of UTC to 11 behind, with halves and quarters, and with summers of half an hour.
  static let timeZones = [
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "America/St_Johns",
    "Australia/Lord_Howe", "Europe/Berlin", "America/Los_Angeles",
  ]

  static func draw(_ random: inout RandomSource) -> Surroundings {
    Surroundings(
      locale: locales[Int(random.next(below: UInt64(locales.count)))],
      timeZone: timeZones[Int(random.next(below: UInt64(timeZones.count)))],
      hasFixedHashing: random.next(below: 4) == 0)
  }

  /// The variables of a process that is to have them.
  func environment(over inherited: [String: String]) -> [String: String] {
    var environment = inherited
    environment["LANG"] = locale
    environment["LC_ALL"] = locale
    environment["TZ"] = timeZone
    environment["SWIFT_DETERMINISTIC_HASHING"] = hasFixedHashing ? "1" : nil
    // Looking for the cause of a trap would take the process a minute.
    environment["SWIFT_BACKTRACE"] = "enable=no"
    return environment
  }

  /// What a process has found out about its own.
  struct Found: Codable, Hashable {
    /// As the C library has it: Foundation's, on Linux, is the same in all surroundings.
    var locale: String
    var secondsFromUTC: Int
    /// Equal where sets and dictionaries have the same order.
    var hashSeed: Int

    static func find() -> Found {
      let locale = setlocale(LC_ALL, "").map { String(cString: $0) } ?? "C"
      tzset()
      var now = time(nil)
      var local = tm()
      localtime_r(&now, &local)
      return Found(
        locale: locale, secondsFromUTC: local.tm_gmtoff,
        hashSeed: "seed".hashValue)
    }
  }
}
