#include "core/netlink/kernel_transport.h"

#include <linux/sock_diag.h>
#include <pthread.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "core/diag/inet.h"
#include "core/netlink/dump.h"
#include "test/check.h"
#include "test/live_kernel.h"
#include "test/wire.h"

namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

constexpr uint32_t kAllStates = 0xfff;

TEST(family_without_a_handler_is_not_supported) {
  const auto transport = OpenTransport();
  DumpTally tally;
  Dump dump(transport.get(), 1, &tally);
  struct {
    uint8_t family = 63;
    uint8_t rest[3] = {};
    uint32_t states = ~0u;
  } body;
  DumpRequest request(SOCK_DIAG_BY_FAMILY, body);
  CHECK(dump.Start(&request).ok());
  Buffer into(kReceiveBytes);
  size_t length = 0;
  const Status answered = dump.Next(into, &length);
  CHECK(!answered.ok());
  CHECK(answered.code() == Code::kNotSupported || answered.error_number() == EINVAL);
}

// A fresh socket's first datagram would be cut at 3,776 bytes.
TEST(first_datagram_has_the_full_size) {
  std::vector<Opened> sockets;
  for (int count = 0; count < 64; ++count) sockets.push_back(OpenInet(AF_INET, SOCK_DGRAM));
  const auto transport = OpenTransport();
  DumpTally tally;
  Dump dump(transport.get(), 1, &tally);
  DumpRequest request = FamilyRequest({.ip_protocol = IPPROTO_UDP, .inet = true, .states = kAllStates}, AF_INET);
  CHECK(dump.Start(&request).ok());
  Buffer into(kReceiveBytes);
  size_t length = 0;
  CHECK(dump.Next(into, &length).ok());
  CHECK(length > 3776);
  CHECK_EQ(tally.stale, uint64_t{0});
}

TEST(datagram_longer_than_the_buffer_is_reported) {
  const auto transport = OpenTransport();
  DumpRequest request = OneWalkRequest({.ip_protocol = IPPROTO_TCP, .inet = true, .states = kAllStates});
  CHECK(transport->Send(request.Numbered(1)).ok());
  Buffer into(16);
  Datagram datagram;
  CHECK(transport->Receive(into, &datagram).ok());
  CHECK(datagram.truncated);
  CHECK_EQ(datagram.length, size_t{16});
  CHECK_EQ(datagram.sender, 0u);
}

TEST(silence_is_an_error_in_the_end) {
  (void)OpenTransport();
  Status status;
  const auto transport = KernelTransport::Open(&status, 1);
  Buffer into(kReceiveBytes);
  Datagram datagram;
  const Status received = transport->Receive(into, &datagram);
  CHECK_EQ(received.code(), Code::kSystem);
  CHECK_EQ(received.error_number(), ETIMEDOUT);
}

TEST(cancel_wakes_a_receive_that_signals_did_not_end) {
  struct sigaction ignore {};
  ignore.sa_handler = [](int) {};
  struct sigaction before {};
  sigaction(SIGUSR1, &ignore, &before);   // without SA_RESTART
  const auto transport = OpenTransport();
  Status received;
  std::thread receiver([&] {
    Buffer into(kReceiveBytes);
    Datagram datagram;
    received = transport->Receive(into, &datagram);
  });
  for (int count = 0; count < 20; ++count) {
    pthread_kill(receiver.native_handle(), SIGUSR1);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  transport->Cancel();
  receiver.join();
  sigaction(SIGUSR1, &before, nullptr);
  CHECK_EQ(received.code(), Code::kCancelled);
}

}  // namespace
}  // namespace sockscope
