import Foundation
import Raft
import Testing

@testable import NodeRuntime

/// What comes to the peer port from who is no peer.
@Suite(.serialized) struct PeerPortTests {
  static let garbage: [String: [UInt8]] = [
    "an HTTP request": Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
    "a hostile length": [0xFF, 0xFF, 0xFF, 0xFF],
    "a length beyond a hello's": [0x00, 0x10, 0x00, 0x00, 0x00],
    "a frame of noise": [0, 0, 0, 4, 0xDE, 0xAD, 0xBE, 0xEF],
    "a ping before a hello": [0, 0, 0, 9, 0x21, 1, 2, 3, 4, 5, 6, 7, 8],
  ]

  @Test(arguments: garbage.keys.sorted()) func garbageClosesTheConnection(kind: String) async throws
  {
    let cluster = try TestCluster(1)
    let node = cluster[0]
    try await node.start()
    try await node.member.read(timeout: .seconds(60))
    let bytes = try #require(Self.garbage[kind])
    let port = node.options.peerPort
    let answer = await withCheckedContinuation { continuation in
      _ = WorkerThread("test-garbage") {
        let socket = RawSocket()
        _ = socket.connect(port)
        socket.send(bytes)
        continuation.resume(returning: socket.readToEnd())
      }
    }
    #expect(answer.isEmpty)
    #expect(node.log.contains("on the peer port was closed"), "\(node.log.all)")
    _ = try await node.member.propose(
      KeyValueMachine.command("r", "k", "v"), timeout: .seconds(60))
    try await node.shutDown()
  }

  @Test func aMemberOfAnotherClusterIsToldApart() async throws {
    let cluster = try TestCluster(3)
    try await cluster.start()
    let clusterID = cluster[0].view.clusterID
    await cluster[2].crash()
    // At the third's address there is now somebody with a cluster of his own.
    var options = cluster[2].options
    options.dataDirectory += "-other"
    options.founders = []
    let stranger = TestNode("n3", options)
    try await stranger.start()
    try await stranger.member.read(timeout: .seconds(60))
    #expect(stranger.view.clusterID != clusterID)
    for node in cluster.nodes.prefix(2) {
      try await eventually("\(node.name) says so") {
        node.log.contains("belongs to another cluster")
      }
    }
    #expect(stranger.log.contains("belongs to another cluster"))
    let command = KeyValueMachine.command("r", "k", "v")
    _ = try await cluster[0].member.propose(
      command, timeout: .seconds(60))
    #expect(stranger.machine["k"] == nil)
    await stranger.crash()
    for node in cluster.nodes.prefix(2) { await node.crash() }
  }
}
