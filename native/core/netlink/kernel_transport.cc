#include "core/netlink/kernel_transport.h"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <new>
#include <utility>

namespace sockscope {

namespace {

Status Cancelled() { return Status::From(Status::Code::kCancelled, "recvmsg"); }

sockaddr_nl KernelAddress() {
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  return address;
}

// Signals are meant for others. Of these calls only poll waits; a supervisor (seccomp's user notification) can let
// any of them be interrupted.
template <typename Call>
auto Uninterrupted(Call call) {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

}  // namespace

std::unique_ptr<KernelTransport> KernelTransport::Open(int protocol, const char* operation, Status* status,
                                                       int silence_ms) {
  // Never bound: the kernel needs no port id of ours to answer, and some sandboxes refuse bind(2) alone.
  UniqueFd netlink(socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, protocol));
  if (!netlink.valid()) {
    *status = Status::FromErrno(operation, errno);
    return nullptr;
  }
  UniqueFd cancel_event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!cancel_event.valid()) {
    *status = Status::FromErrno("eventfd", errno);
    return nullptr;
  }
  std::unique_ptr<KernelTransport> transport(
      new (std::nothrow) KernelTransport(std::move(netlink), std::move(cancel_event), silence_ms));
  *status = transport ? Status::Ok() : Status::From(Status::Code::kNoMemory, "open transport");
  return transport;
}

KernelTransport::KernelTransport(UniqueFd socket, UniqueFd cancel_event, int silence_ms)
    : socket_(std::move(socket)), cancel_event_(std::move(cancel_event)), silence_ms_(silence_ms) {}

// The kernel sizes a dump's datagrams by the largest receive it has seen: on a fresh socket the first one takes
// 3,776 bytes, and a socket whose message is longer ends the dump as if it were complete. A request for nothing but
// an acknowledgement shows it our buffer first. Where that fails, the dump will say why.
void KernelTransport::Prime() {
  nlmsghdr nothing{};
  nothing.nlmsg_len = sizeof(nothing);
  nothing.nlmsg_type = NLMSG_NOOP;
  nothing.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  const auto bytes = reinterpret_cast<const uint8_t*>(&nothing);
  if (!Post({bytes, sizeof(nothing)}).ok()) return;
  std::array<uint8_t, kReceiveBytes> buffer;
  (void)recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
}

Status KernelTransport::Send(std::span<const uint8_t> request) {
  if (!std::exchange(primed_, true)) Prime();
  return Post(request);
}

Status KernelTransport::Post(std::span<const uint8_t> request) {
  if (cancelled_.load(std::memory_order_acquire)) return Cancelled();
  const sockaddr_nl kernel = KernelAddress();
  const ssize_t sent = Uninterrupted([&] {
    return sendto(socket_.get(), request.data(), request.size(), 0, reinterpret_cast<const sockaddr*>(&kernel),
                  sizeof(kernel));
  });
  return sent >= 0 ? Status::Ok() : Status::FromErrno("sendto", errno);
}

Status KernelTransport::Receive(std::span<uint8_t> into, Datagram* out) {
  for (;;) {
    if (cancelled_.load(std::memory_order_acquire)) return Cancelled();
    sockaddr_nl sender = KernelAddress();
    iovec part{into.data(), into.size()};
    msghdr message{};
    message.msg_name = &sender;
    message.msg_namelen = sizeof(sender);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    const ssize_t length = Uninterrupted([&] { return recvmsg(socket_.get(), &message, MSG_DONTWAIT); });
    if (length >= 0) {
      *out = Datagram{.length = static_cast<size_t>(length),
                      .truncated = (message.msg_flags & MSG_TRUNC) != 0,
                      .sender = sender.nl_pid};
      return Status::Ok();
    }
    if (errno != EAGAIN && errno != EWOULDBLOCK) return Status::FromErrno("recvmsg", errno);
    if (const Status waited = WaitForDatagram(); !waited.ok()) return waited;
  }
}

Status KernelTransport::WaitForDatagram() {
  pollfd ready[2] = {{socket_.get(), POLLIN, 0}, {cancel_event_.get(), POLLIN, 0}};
  const int count = Uninterrupted([&] { return poll(ready, 2, silence_ms_); });
  if (count < 0) return Status::FromErrno("poll", errno);
  if (count == 0) return Status::FromErrno("recvmsg", ETIMEDOUT);
  return ready[1].revents != 0 ? Cancelled() : Status::Ok();
}

void KernelTransport::Cancel() {
  cancelled_.store(true, std::memory_order_release);
  (void)eventfd_write(cancel_event_.get(), 1);
}

}  // namespace sockscope
