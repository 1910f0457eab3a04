import Foundation

/// Where a command was told to write. Making one looks whether it can be written, so that nothing is
/// sent and billed whose result has no place.
struct OutputFile {
  private enum Place {
    /// A file that is replaced as a whole.
    case file(URL)
    /// A device or a pipe.
    case stream(URL)
    case standardOutput
  }

  private let name: String
  private let place: Place

  /// - Parameter path: nil for the standard output.
  /// - Throws: ``CommandFailure`` if nothing can be written there.
  init(_ path: String?) throws(CommandFailure) {
    guard let path else {
      name = "the standard output"
      place = .standardOutput
      return
    }
    name = path
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    let files = FileManager.default
    let type = try? files.attributesOfItem(atPath: url.path)[.type] as? FileAttributeType
    let isFile = type == nil || type == .typeRegular
    place = isFile ? .file(url) : .stream(url)
    let changed = isFile ? url.deletingLastPathComponent() : url
    guard type != .typeDirectory, files.isWritableFile(atPath: changed.path) else {
      throw unwritable
    }
  }

  /// Writes all of it; a file is left as it was if that fails.
  func write(_ data: Data) throws(CommandFailure) {
    do {
      switch place {
      case .file(let url): try data.write(to: url, options: .atomic)
      case .stream(let url): try FileHandle(forWritingTo: url).write(contentsOf: data)
      case .standardOutput: try FileHandle.standardOutput.write(contentsOf: data)
      }
    } catch {
      throw unwritable
    }
  }

  private var unwritable: CommandFailure {
    .wrongUsage("\(name) cannot be written; name another file")
  }
}
