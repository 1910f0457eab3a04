import CloudState
import Dispatch
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import NodeRuntime

/// What a request comes with besides itself: its connection.
struct ConnectionContext: InitializableFromSource {
  typealias Source = ApplicationRequestContextSource

  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    channel = source.channel
  }
}

/// Takes each request through the same steps: admit, find the route, find out who calls, check
/// access, read the body, handle, and say how it ended in headers, metrics and log.
struct GatewayResponder: HTTPResponder {
  typealias Context = ConnectionContext

  let routes: RouteTable
  let gatekeeper: Gatekeeper
  let member: any ReplicatedState
  let trustedProxies: [AddressRange]
  let limiter: RateLimiter
  let counter: CallCounter
  let cors: CORS
  let metrics: RequestMetrics
  let log: AccessLog

  func respond(to request: Request, context: ConnectionContext) async throws -> Response {
    let start = DispatchTime.now()
    let client = ClientAddress(
      peer: context.channel.remoteAddress, headers: request.headers, trusting: trustedProxies)
    var call = APIRequest(
      request, id: RequestName.of(request.headers), client: client,
      rate: RateCheck(limiter, client: client), calls: CallCheck(counter), channel: context.channel)
    var record = RequestRecord(method: request.method)
    metrics.began()

    let answer: Answer
    var failure: Failure?
    do {
      answer = try await handle(&call, &record)
    } catch {
      let failed = Failure(error) ?? unexpected(error, call)
      failure = failed
      answer = Answer(failed, requestID: call.id)
    }

    call.calls.end(counts: failure.map { !$0.countsForNobody } ?? true)
    record.status = answer.status.code
    record.nanoseconds = Int64(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds)
    metrics.ended(record)
    var response = answer.response(isHead: request.method == .head) {
      [log, record, call, failure] bytes in
      log.note(record, bytes: bytes, call, failure)
    }
    decorate(&response, failure, call)
    return response
  }

  private func handle(
    _ request: inout APIRequest, _ record: inout RequestRecord
  ) async throws -> Answer {
    switch routes.match(request.method, request.path) {
    case .nothing:
      // Whoever calls what is not there is looked at no further than this.
      try request.rate.admitStranger()
      throw Failure.notFound("resource")
    case .otherMethods(let methods, let template):
      record.template = template
      try request.rate.admitStranger()
      if let answer = cors.preflight(request, methods: methods) { return answer }
      throw Failure.wrongMethod(allow: methods)
    case .route(let route, let parameters):
      record.template = route.template
      request.parameters = parameters
      if case .observe(let action) = route.action {
        record.isObservation = true
        return try await action()
      }
      let answer = try await gatekeeper.perform(route, request)
      if case .query = route.action { return answer.conditional(on: request.headers) }
      return answer
    }
  }

  /// Errors that are no answer to anything the caller did.
  private func unexpected(_ error: any Error, _ request: APIRequest) -> Failure {
    switch error {
    case is ClientGone, is CancellationError, is ChannelError:
      // Nobody reads this answer.
      var failure = Failure.malformed("the connection was closed before the request was complete")
      failure.closesConnection = true
      return failure
    case is HTTPParserError:
      var failure = Failure.malformed("the request is not valid HTTP/1.1")
      failure.closesConnection = true
      return failure
    default:
      log.note(error, request)
      return .internalError()
    }
  }

  private func decorate(_ response: inout Response, _ failure: Failure?, _ request: APIRequest) {
    response.headers[.requestID] = request.id
    response.headers[.cleanIndex] = member.appliedIndex.description
    // Answers are about one caller at one moment; nobody may keep them if it is not said.
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    SecurityHeaders.add(to: &response.headers)
    cors.describe(request, in: &response.headers)
    let now = member.now()
    QuotaPolicy.describe(
      request.rate.policies + request.calls.policies(at: now), in: &response.headers)
    guard let failure else { return }
    if let seconds = failure.wait(at: now) { response.headers[.retryAfter] = String(seconds) }
    if !failure.allow.isEmpty {
      response.headers[.allow] = failure.allow.map(\.rawValue).joined(separator: ", ")
    }
    if let codings = failure.acceptEncoding { response.headers[.acceptEncoding] = codings }
    if response.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
    if failure.closesConnection { response.headers[.connection] = "close" }
  }
}
