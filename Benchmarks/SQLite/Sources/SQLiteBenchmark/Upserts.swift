import GRDB
import Measuring

/// The work of a batch of commands as the state machine does it: each looks a row up and writes
/// one, 256 a transaction, over a table like those of the state.
protocol Contender {
  static var name: String { get }
  init(path: String) throws
  func batch(_ keys: [String]) throws -> Int64
}

private enum SQL {
  static let table = """
    CREATE TABLE usage (workspace_id TEXT NOT NULL PRIMARY KEY, used INTEGER NOT NULL,
      note TEXT NOT NULL) STRICT, WITHOUT ROWID
    """
}

struct ThinLayer: Contender {
  static let name = "C API layer"
  private let connection: Connection

  init(path: String) throws {
    connection = try Connection(path: path, access: .readWrite)
    _ = try connection.first("PRAGMA journal_mode = WAL") { $0.text(0) }
    try connection.execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -32768")
    try connection.execute(SQL.table)
  }

  func batch(_ keys: [String]) throws -> Int64 {
    try connection.transaction {
      var sum: Int64 = 0
      for key in keys {
        let used = try connection.first(
          "SELECT used, note FROM usage WHERE workspace_id = ?", key
        ) { row in row.integer(0) + Int64(row.text(1).utf8.count) }
        sum &+= used ?? 0
        try connection.run(
          """
          INSERT INTO usage VALUES (?, ?, ?)
          ON CONFLICT (workspace_id) DO UPDATE SET used = used + excluded.used
          """, key, Int64(3), "a note of some length")
      }
      return sum
    }
  }
}

struct GRDBQueue: Contender {
  static let name = "GRDB"
  private let queue: DatabaseQueue

  init(path: String) throws {
    queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { database in
      _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: "PRAGMA synchronous = OFF; PRAGMA cache_size = -32768")
      try database.execute(sql: SQL.table)
    }
  }

  func batch(_ keys: [String]) throws -> Int64 {
    try queue.write { database in
      var sum: Int64 = 0
      let lookup = try database.cachedStatement(
        sql: "SELECT used, note FROM usage WHERE workspace_id = ?")
      let upsert = try database.cachedStatement(
        sql: """
          INSERT INTO usage VALUES (?, ?, ?)
          ON CONFLICT (workspace_id) DO UPDATE SET used = used + excluded.used
          """)
      for key in keys {
        if let row = try Row.fetchOne(lookup, arguments: [key]) {
          let used: Int64 = row[0]
          let note: String = row[1]
          sum &+= used + Int64(note.utf8.count)
        }
        try upsert.execute(arguments: [key, 3, "a note of some length"])
      }
      return sum
    }
  }
}

/// Commands a second for each contender, round about so that both see the same noise.
func compareUpserts(keys keyCount: Int, commands: Int, rounds: Int, in folder: String) throws {
  func round<C: Contender>(_ type: C.Type, _ number: Int) throws -> (rate: Double, sum: Int64) {
    let contender = try C(path: "\(folder)/\(C.self)-\(keyCount)-\(number).sqlite")
    var keys = Keys(seed: 1)
    let batches = (0..<(commands / 256)).map { _ in
      (0..<256).map { _ in "ws_\(keys.next(below: keyCount) &+ 1_000_000_000_000)" }
    }
    var sum: Int64 = 0
    let time = try seconds { for batch in batches { sum &+= try contender.batch(batch) } }
    return (Double(batches.count * 256) / time, sum)
  }
  var thin: [Double] = []
  var grdb: [Double] = []
  for number in 0..<rounds {
    let one = try round(ThinLayer.self, number)
    let other = try round(GRDBQueue.self, number)
    precondition(one.sum == other.sum, "both must have done the same work")
    thin.append(one.rate)
    grdb.append(other.rate)
  }
  print(
    "\(grouped(Double(keyCount))) keys: \(ThinLayer.name) \(grouped(median(thin)))/s, "
      + "\(GRDBQueue.name) \(grouped(median(grdb)))/s, ratio "
      + "\((median(thin) / median(grdb) * 100).rounded() / 100)")
}
