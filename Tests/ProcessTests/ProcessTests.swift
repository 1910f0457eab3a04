import Testing

/// Tests of the real programs, over real sockets, one at a time: each starts processes of its own, and
/// several clusters at once would only test the machine.
@Suite(.serialized) enum ProcessTests {}
