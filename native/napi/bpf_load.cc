#include "napi/bpf_load.h"

#include <functional>
#include <utility>

#include "core/guard.h"
#include "core/start_thread.h"

namespace sockscope {

std::shared_ptr<BpfLoad> BpfLoad::Start(Napi::Function wake) {
  std::shared_ptr<BpfLoad> session(new BpfLoad());
  session->line_.Connect(wake, "sockscope bpf", session);
  const StartThread start = [](std::function<void()> body) { return std::thread(std::move(body)); };
  BpfLoad* const self = session.get();
  const Status started = StartInto(&session->thread_, start, [self] { self->Load(); });
  if (!started.ok()) session->OnEnd(started, nullptr);
  return session;
}

void BpfLoad::Load() noexcept {
  std::shared_ptr<const BpfOwners> owners;
  const Status loaded = Guard([&owners] {
    Status status;
    owners = BpfOwners::Load(&status);
    return status;
  });
  OnEnd(loaded, std::move(owners));
}

void BpfLoad::OnEnd(const Status& status, std::shared_ptr<const BpfOwners> owners) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    outcome_ = cancelled_ ? Status::From(Status::Code::kCancelled, "load") : status;
    if (!cancelled_) owners_ = std::move(owners);
    ended_ = true;
  }
  owners.reset();   // now: the JavaScript thread joins this one soon after the line's end
  line_.End();
}

const Status* BpfLoad::Outcome() {
  std::lock_guard<std::mutex> lock(mutex_);
  return ended_ ? &outcome_ : nullptr;
}

std::shared_ptr<const BpfOwners> BpfLoad::Owners() {
  std::lock_guard<std::mutex> lock(mutex_);
  return owners_;
}

void BpfLoad::Cancel() {
  std::shared_ptr<const BpfOwners> dropped;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (std::exchange(cancelled_, true)) return;
    dropped.swap(owners_);
  }
  line_.Silence();
}

void BpfLoad::Join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace sockscope
