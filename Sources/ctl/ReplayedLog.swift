import Foundation

/// The log of a fix in a file, as it is sent to be done again.
struct ReplayedLog {
  private(set) var json: Data
  /// How the dataset was encoded, which the log knows.
  private(set) var charset: String?

  /// - Parameter isOfOtherFile: Whether it may be of another file: then the checksum is left out.
  init(path: String, isOfOtherFile: Bool) throws(CommandFailure) {
    guard let content = FileManager.default.contents(atPath: path) else {
      throw .wrongUsage("\(path) cannot be read; name the file that --log has written")
    }
    json = content
    // What is wrong with it the service says.
    guard let log = try? JSONDecoder().decode(Log.self, from: content) else { return }
    charset = log.dataset?.layout?.encoding
    if isOfOtherFile, log.dataset?.sha256 != nil {
      json = try Self.withoutChecksum(content, path)
    }
  }

  private struct Log: Decodable {
    var dataset: Dataset?

    struct Dataset: Decodable {
      var sha256: String?
      var layout: Layout?
    }

    struct Layout: Decodable {
      var encoding: String?
    }
  }

  private static func withoutChecksum(
    _ content: Data, _ path: String
  ) throws(CommandFailure) -> Data {
    do {
      var log = try JSONSerialization.jsonObject(with: content) as? [String: Any]
      var dataset = log?["dataset"] as? [String: Any]
      dataset?["sha256"] = nil
      log?["dataset"] = dataset
      return try JSONSerialization.data(withJSONObject: log ?? [:])
    } catch {
      throw .wrongUsage("\(path) is no log of a fix")
    }
  }
}
