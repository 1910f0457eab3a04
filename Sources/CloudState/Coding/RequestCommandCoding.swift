#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RecordAnswer {
  init(_ wire: PBRecordAnswer) {
    self.init(answer: RecordedAnswer(wire.answer))
  }

  var wire: PBRecordAnswer {
    var wire = PBRecordAnswer()
    wire.answer = answer.wire
    return wire
  }
}

extension RecordedAnswer {
  init(_ wire: PBAnswer) {
    self.init(status: wire.status, mediaType: wire.mediaType, body: [UInt8](wire.body))
  }

  var wire: PBAnswer {
    var wire = PBAnswer()
    wire.status = status
    wire.mediaType = mediaType
    wire.body = Data(body)
    return wire
  }
}
