#include "test/scripted_transport.h"

#include <algorithm>
#include <cerrno>
#include <new>

namespace sockscope::test {

ScriptedTransport::ScriptedTransport(std::vector<Step> steps, std::vector<Buffer>* sent)
    : steps_(std::move(steps)), sent_(sent) {}

Status ScriptedTransport::Send(std::span<const uint8_t> request) {
  if (sent_ != nullptr) sent_->emplace_back(request.begin(), request.end());
  return Status::Ok();
}

Status ScriptedTransport::Receive(std::span<uint8_t> into, Datagram* out) {
  const Status stopped = Status::From(Status::Code::kCancelled, "scripted");
  if (cancelled_.try_acquire()) {
    cancelled_.release();
    return stopped;
  }
  if (next_ == steps_.size()) return Status::FromErrno("scripted", ENODATA);
  const Step& step = steps_[next_++];
  if (step.before) step.before();
  if (step.out_of_memory) throw std::bad_alloc();
  if (step.waits) {
    cancelled_.acquire();
    cancelled_.release();
    return stopped;
  }
  if (!step.status.ok()) return step.status;
  *out = Datagram{.length = std::min(step.bytes.size(), into.size()),
                  .truncated = step.bytes.size() > into.size(),
                  .sender = step.sender};
  std::copy_n(step.bytes.begin(), out->length, into.begin());
  return Status::Ok();
}

void ScriptedTransport::Cancel() { cancelled_.release(); }

}  // namespace sockscope::test
