import CloudState
import Testing

@Suite struct AuthorityTests {
  @Test func leaseCountsFromTheBeginningOfItsBarrier() {
    var held = HeldAuthority()
    #expect(!held.holds(at: .zero))
    held.renewed(asked: .milliseconds(10), answered: .milliseconds(150))
    let end = .milliseconds(10) + HeldAuthority.length
    #expect(held.holds(at: end - .nanoseconds(1)))
    #expect(!held.holds(at: end))
  }

  @Test func lateBarrierIsWorthNothing() {
    var held = HeldAuthority()
    held.renewed(asked: .zero, answered: HeldAuthority.length)
    #expect(!held.holds(at: HeldAuthority.length))
  }

  @Test func barrierThatBeganEarlierDoesNotShortenIt() {
    var held = HeldAuthority()
    held.renewed(asked: .milliseconds(100), answered: .milliseconds(110))
    held.renewed(asked: .milliseconds(10), answered: .milliseconds(120))
    #expect(held.holds(at: .milliseconds(250)))
  }

  @Test func waitIsLongerThanAnyLeaseByAQuarter() {
    #expect(HeldAuthority.commitWait >= HeldAuthority.length * 5 / 4)
  }
}
