#include "napi/conntrack_session.h"

#include <functional>
#include <utility>

#include "core/start_thread.h"

namespace sockscope {

std::shared_ptr<ConntrackSession> ConntrackSession::Start(Napi::Function wake, std::unique_ptr<Transport> transport,
                                                          const Status& opened, size_t max_bytes) {
  std::shared_ptr<ConntrackSession> session(new ConntrackSession());
  session->transport_ = std::move(transport);
  session->line_.Connect(wake, "sockscope conntrack", session);
  ConntrackSession* const self = session.get();
  Status started = opened;
  if (session->transport_ != nullptr) {
    const StartThread start = [](std::function<void()> body) { return std::thread(std::move(body)); };
    started = StartInto(&session->thread_, start,
                        [self, max_bytes] { self->OnEnd(ReadNat(self->transport_.get(), max_bytes)); });
    if (started.ok()) return session;
  }
  NatAnswer failed;
  failed.status = started;
  session->OnEnd(std::move(failed));
  return session;
}

void ConntrackSession::OnEnd(NatAnswer answer) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    end_ = End{.status = answer.status, .tally = answer.tally, .records = answer.records()};
    if (cancelled_) end_.status = Status::From(Status::Code::kCancelled, "conntrack");
    else answer_ = std::move(answer);
    ended_ = true;
  }
  answer = NatAnswer();   // now: the JavaScript thread joins this one soon after the line's end
  line_.End();
}

std::optional<ConntrackSession::End> ConntrackSession::Outcome() {
  std::lock_guard<std::mutex> lock(mutex_);
  return ended_ ? std::optional(end_) : std::nullopt;
}

std::vector<NatRecord> ConntrackSession::Take() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (answer_.batches.empty()) return {};
  std::vector<NatRecord> batch = std::move(answer_.batches.front());
  answer_.batches.pop_front();
  return batch;
}

void ConntrackSession::Cancel() {
  NatAnswer dropped;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (std::exchange(cancelled_, true)) return;
    std::swap(dropped, answer_);
  }
  if (transport_ != nullptr) transport_->Cancel();
  line_.Silence();
}

void ConntrackSession::Join() {
  if (thread_.joinable()) thread_.join();
  transport_.reset();
}

}  // namespace sockscope
