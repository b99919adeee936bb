#include "napi/interface_session.h"

#include <functional>
#include <utility>

#include "core/start_thread.h"

namespace sockscope {

std::shared_ptr<InterfaceSession> InterfaceSession::Start(Napi::Function wake, DeviceQuestion question) {
  std::shared_ptr<InterfaceSession> session(new InterfaceSession());
  session->line_.Connect(wake, "sockscope interfaces", session);
  const StartThread start = [](std::function<void()> body) { return std::thread(std::move(body)); };
  InterfaceSession* const self = session.get();
  const Status started = StartInto(&session->thread_, start, [self, question = std::move(question)] {
    self->OnEnd(ReadDevices(question, self->cancelled_));
  });
  if (!started.ok()) {
    DeviceList failed;
    failed.status = started;
    session->OnEnd(std::move(failed));
  }
  return session;
}

void InterfaceSession::OnEnd(DeviceList list) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    list_ = std::move(list);
    ended_ = true;
  }
  line_.End();
}

const DeviceList* InterfaceSession::Answer() {
  std::lock_guard<std::mutex> lock(mutex_);
  return ended_ ? &list_ : nullptr;
}

void InterfaceSession::Cancel() {
  if (cancelled_.exchange(true)) return;
  line_.Silence();
}

void InterfaceSession::Join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace sockscope
