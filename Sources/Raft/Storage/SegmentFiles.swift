/// The files of a log's segments, opened to be read: a few of them, however many there are.
struct SegmentFiles {
  private static let limit = 4

  let fileSystem: any FileSystem
  /// The least recently used first.
  private var open: [any File] = []

  init(_ fileSystem: any FileSystem) { self.fileSystem = fileSystem }

  /// The file of a segment; good until other segments' files are asked for.
  mutating func file(of segment: LogSegment) throws(FileError) -> any File {
    let file =
      if let i = open.firstIndex(where: { $0.path == segment.path }) {
        open.remove(at: i)
      } else {
        try fileSystem.open(segment.path, .read)
      }
    open.append(file)
    // What closing a file answers that was only read means nothing.
    if open.count > Self.limit { try? open.removeFirst().close() }
    return file
  }

  mutating func close(_ segment: LogSegment) {
    for file in open where file.path == segment.path { try? file.close() }
    open.removeAll { $0.path == segment.path }
  }

  mutating func closeAll() {
    for file in open { try? file.close() }
    open = []
  }
}
