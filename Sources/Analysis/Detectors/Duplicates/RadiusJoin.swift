/// All pairs of rows within a radius, found with a k-d tree (Bentley 1975) over their coordinates.
///
/// In twenty dimensions a tree is of no use for finding neighbours wherever they are, but near
/// duplicates are far closer than that: a ball of their radius crosses few of the planes that split
/// the data, and where it does, the distances to the planes add up (Arya and Mount 1993), so that
/// nearly all of the tree is left out.
struct RadiusJoin {
  static let leafSize = 8
  /// A row with this many others within the radius belongs to a dense cluster.
  static let maximumNeighbors: UInt8 = 32
  /// How many pairs may be looked at for each row before the radius is taken to be too wide.
  static let workPerRow = 600
  /// Besides, in small tables, where trees have little to leave out.
  static let leastWork = 20_000_000

  struct Found {
    /// Rows and their squared distance.
    var pairs: [(first: UInt32, second: UInt32, square: Float)] = []
    /// For each row how many others are within the radius, up to ``maximumNeighbors``.
    fileprivate(set) var counts: [UInt8]

    func isDense(_ row: Int) -> Bool { counts[row] == maximumNeighbors }

    fileprivate mutating func count(_ row: Int) {
      counts[row] = min(counts[row] + 1, maximumNeighbors)
    }
  }

  private let width: Int
  /// The rows in the tree's order, a block after the other.
  private var rows: [UInt32]
  /// Their coordinates.
  private var points: [Float]
  private var nodes: [Node] = []
  /// The root of each block's tree.
  private var roots: [Int32] = []

  /// A range of places; its children split it in halves.
  private struct Node {
    var start: Int32
    var end: Int32
    /// The coordinate that is split; -1 in a leaf.
    var coordinate: Int32 = -1
    var cut: Float = 0
    var right: Int32 = 0
  }

  /// - Parameter blocks: rows that are compared with each other only.
  init(
    _ coordinates: RowCoordinates, blocks: [[UInt32]], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    width = coordinates.width
    rows = []
    points = []
    for block in blocks {
      let start = rows.count
      rows += block
      roots.append(Int32(nodes.count))
      try split(start, rows.count, coordinates, checkpoint)
    }
    points = [Float](repeating: 0, count: rows.count * width)
    for (place, row) in rows.enumerated() {
      let source = Int(row) * width
      for offset in 0..<width {
        points[place * width + offset] = coordinates.values[source + offset]
      }
    }
  }

  private mutating func split(
    _ start: Int, _ end: Int, _ coordinates: RowCoordinates, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let node = nodes.count
    nodes.append(Node(start: Int32(start), end: Int32(end)))
    guard end - start > Self.leafSize else { return }
    if end - start > 10_000 { try checkpoint.reached(0) }
    let coordinate = widest(start, end, coordinates)
    let middle = (start + end) / 2
    coordinates.values.withUnsafeBufferPointer { values in
      rows.withUnsafeMutableBufferPointer { rows in
        Self.select(middle, in: UnsafeMutableBufferPointer(rebasing: rows[start..<end]), start) {
          values[Int($0) &* coordinates.width &+ coordinate]
        }
      }
    }
    nodes[node].coordinate = Int32(coordinate)
    nodes[node].cut = coordinates.values[Int(rows[middle]) * width + coordinate]
    try split(start, middle, coordinates, checkpoint)
    nodes[node].right = Int32(nodes.count)
    try split(middle, end, coordinates, checkpoint)
  }

  /// The coordinate of the greatest variance, judged by up to 32 of the rows.
  private func widest(_ start: Int, _ end: Int, _ coordinates: RowCoordinates) -> Int {
    var sum = [Float](repeating: 0, count: width)
    var squares = [Float](repeating: 0, count: width)
    let step = max(1, (end - start) / 32)
    var count: Float = 0
    for place in stride(from: start, to: end, by: step) {
      let base = Int(rows[place]) * width
      for offset in 0..<width {
        let value = coordinates.values[base + offset]
        sum[offset] += value
        squares[offset] += value * value
      }
      count += 1
    }
    var best = 0
    var greatest = -Float.infinity
    for offset in 0..<width {
      let variance = squares[offset] - sum[offset] * sum[offset] / count
      if variance > greatest { (best, greatest) = (offset, variance) }
    }
    return best
  }

  /// Puts the row of rank `target` in its place, smaller ones before and greater ones after it
  /// (Hoare 1961, with the middle of three as the pivot).
  private static func select(
    _ target: Int, in rows: UnsafeMutableBufferPointer<UInt32>, _ offset: Int,
    key: (UInt32) -> Float
  ) {
    var (low, high) = (0, rows.count - 1)
    let target = target - offset
    while low < high {
      let (first, middle, last) = (key(rows[low]), key(rows[(low + high) / 2]), key(rows[high]))
      let pivot = max(min(first, middle), min(max(first, middle), last))
      var (left, right) = (low, high)
      while left <= right {
        while key(rows[left]) < pivot { left += 1 }
        while key(rows[right]) > pivot { right -= 1 }
        if left <= right {
          rows.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if target <= right { high = right } else if target >= left { low = left } else { return }
    }
  }

  // MARK: Searching

  /// Finds the pairs.
  ///
  /// - Returns: nil if the radius is too wide to look at all that lies within it.
  func pairs(
    within radius: Double, rowCount: Int, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Found? {
    var search = Search(
      square: Float(radius * radius), found: Found(counts: [UInt8](repeating: 0, count: rowCount)),
      budget: Self.leastWork + rows.count * Self.workPerRow,
      offsets: [Float](repeating: 0, count: width))
    for root in roots {
      let block = nodes[Int(root)]
      for place in block.start..<block.end {
        if place & 0xFFF == 0 { try checkpoint.reached(Double(place) / Double(rows.count)) }
        points.withUnsafeBufferPointer { points in
          nodes.withUnsafeBufferPointer { nodes in
            visit(root, Int(place), 0, points.baseAddress!, nodes, &search)
          }
        }
        if search.budget < 0 { return nil }
      }
    }
    return search.found
  }

  private struct Search {
    let square: Float
    var found: Found
    var budget: Int
    /// How far the node is from the row in each coordinate.
    var offsets: [Float]
  }

  /// Looks below a node for places after the given one.
  ///
  /// - Parameter distance: the squared distance to the node at least.
  private func visit(
    _ index: Int32, _ place: Int, _ distance: Float, _ points: UnsafePointer<Float>,
    _ nodes: UnsafeBufferPointer<Node>, _ search: inout Search
  ) {
    let node = nodes[Int(index)]
    guard Int(node.end) > place + 1, !search.found.isDense(Int(rows[place])) else { return }
    guard node.coordinate >= 0 else {
      compare(place, max(Int(node.start), place + 1)..<Int(node.end), points, &search)
      return
    }
    let coordinate = Int(node.coordinate)
    let gap = points[place &* width &+ coordinate] - node.cut
    let (near, far) = gap < 0 ? (index + 1, node.right) : (node.right, index + 1)
    visit(near, place, distance, points, nodes, &search)
    let former = search.offsets[coordinate]
    let farther = distance - former * former + gap * gap
    if farther <= search.square {
      search.offsets[coordinate] = gap
      visit(far, place, farther, points, nodes, &search)
      search.offsets[coordinate] = former
    }
  }

  private func compare(
    _ place: Int, _ others: Range<Int>, _ points: UnsafePointer<Float>, _ search: inout Search
  ) {
    let row = Int(rows[place])
    search.budget -= others.count
    for other in others {
      let square = RowCoordinates.squaredDistance(
        points + place &* width, points + other &* width, width: width,
        within: search.square.nextUp)
      guard square <= search.square else { continue }
      let second = Int(rows[other])
      let isDense = search.found.isDense(row) || search.found.isDense(second)
      search.found.count(row)
      search.found.count(second)
      // Rows of a dense cluster take no more room than others.
      if isDense { continue }
      search.found.pairs.append((UInt32(min(row, second)), UInt32(max(row, second)), square))
    }
  }
}
