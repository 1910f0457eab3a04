import CloudAPI
import Foundation

/// What a node is, and how.
public struct ServiceInfo: Codable, Equatable, Sendable {
  /// Always `clean-cloud`.
  public var service: String
  /// The version of the node's software.
  public var version: String
  /// The path of a page that shows the API.
  public var docs: String
}

/// What any node tells anybody.
extension CloudClient {
  /// What answers, and in which version.
  public func serviceInfo() async throws(CloudError) -> ServiceInfo {
    try await get("/")
  }

  /// Returns if a process answers; whether it can serve ``readiness()`` says.
  public func liveness() async throws(CloudError) {
    _ = try await fetch("/livez")
  }

  /// One node's metrics in Prometheus's text format.
  public func metrics() async throws(CloudError) -> String {
    String(decoding: try await fetch("/metrics").body, as: UTF8.self)
  }

  /// The API's description in OpenAPI 3.1, as JSON.
  public func openAPIDocument() async throws(CloudError) -> Data {
    try await fetch("/openapi.json").body
  }

  /// The keys that verify access tokens, for programs that do that by themselves.
  public func signingKeys() async throws(CloudError) -> JSONWebKeySet {
    try await get("/.well-known/jwks.json")
  }
}
