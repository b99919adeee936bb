#include "napi/owner_session.h"

#include <new>
#include <utility>

namespace sockscope {

std::shared_ptr<OwnerSession> OwnerSession::Start(Napi::Function wake, std::unique_ptr<OwnerWalk> walk,
                                                  OwnerQuestion question) {
  std::shared_ptr<OwnerSession> session(new OwnerSession());
  session->line_.Connect(wake, "sockscope owners", session);
  session->Run(std::move(walk), std::move(question));
  return session;
}

void OwnerSession::Run(std::unique_ptr<OwnerWalk> walk, OwnerQuestion question) {
  OwnerAnswer failed;
  try {
    scan_ = std::make_unique<OwnerScan>(std::move(walk), std::move(question), this);
    failed.status = scan_->Start();
    if (failed.status.ok()) return;
  } catch (const std::bad_alloc&) {
    failed.status = Status::From(Status::Code::kNoMemory, "start");
  }
  OnOwners(std::move(failed));
}

void OwnerSession::OnOwners(OwnerAnswer answer) {
  OwnerAnswer dropped;   // freed after the lock is; before the line's end, which the JavaScript thread follows with a join
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (cancelled_) {
      dropped = std::move(answer);
      answer_.status = Status::From(Status::Code::kCancelled, "owners");
      answer_.tally = dropped.tally;
    } else {
      answer_ = std::move(answer);
    }
    ended_ = true;
  }
  dropped = OwnerAnswer();
  line_.End();
}

const OwnerAnswer* OwnerSession::Answer() {
  std::lock_guard<std::mutex> lock(mutex_);
  return ended_ ? &answer_ : nullptr;
}

void OwnerSession::Cancel() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (std::exchange(cancelled_, true)) return;
  }
  if (scan_ != nullptr) scan_->Cancel();
  line_.Silence();
}

}  // namespace sockscope
