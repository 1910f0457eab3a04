import HTTPTypes

/// All routes by path. Finding one is O(parts of the path).
struct RouteTable: Sendable {
  enum Match {
    case route(Route, parameters: [String: String])
    /// The resource exists and has other methods.
    case otherMethods([HTTPRequest.Method], template: String)
    case nothing
  }

  private struct Node {
    var parts: [Substring: Node] = [:]
    /// A part that stands for anything, and its name.
    var parameter: (name: String, index: Int)?
    var routes: [Route] = []
  }

  /// Nodes for parameters stand here, so that a node need not contain itself.
  private var parameterNodes: [Node] = []
  private var root = Node()

  init(_ routes: [Route]) {
    for route in routes {
      let parts = Self.parts(of: route.template)
      root = inserting(route, at: parts[...], into: root)
    }
  }

  func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
    var node = root
    var parameters: [String: String] = [:]
    for part in Self.parts(of: path) {
      if let next = node.parts[part] {
        node = next
      } else if let parameter = node.parameter, !part.isEmpty {
        parameters[parameter.name] = String(part)
        node = parameterNodes[parameter.index]
      } else {
        return .nothing
      }
    }
    guard let first = node.routes.first else { return .nothing }
    let wanted: HTTPRequest.Method = method == .head ? .get : method
    if let route = node.routes.first(where: { $0.method == wanted }) {
      return .route(route, parameters: parameters)
    }
    let methods = node.routes.flatMap { $0.method == .get ? [.get, .head] : [$0.method] }
    return .otherMethods(methods, template: first.template)
  }

  private mutating func inserting(
    _ route: Route, at parts: ArraySlice<Substring>, into node: Node
  ) -> Node {
    var node = node
    guard let part = parts.first else {
      precondition(
        !node.routes.contains { $0.method == route.method },
        "\(route.method) \(route.template) is there twice")
      node.routes.append(route)
      return node
    }
    let rest = parts.dropFirst()
    if part.hasPrefix("{") {
      let name = String(part.dropFirst().dropLast())
      let index: Int
      if let known = node.parameter {
        // One place has one name, or a handler would ask for its part in vain.
        precondition(
          known.name == name, "{\(name)} of \(route.template) is {\(known.name)} elsewhere")
        index = known.index
      } else {
        index = parameterNodes.count
        parameterNodes.append(Node())
        node.parameter = (name, index)
      }
      let inner = inserting(route, at: rest, into: parameterNodes[index])
      parameterNodes[index] = inner
    } else {
      node.parts[part] = inserting(route, at: rest, into: node.parts[part] ?? Node())
    }
    return node
  }

  /// "/a/b" has the parts "a" and "b"; "/a/b/" has an empty third one, so it is another path.
  private static func parts(of path: String) -> [Substring] {
    path == "/" ? [] : path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
  }
}
