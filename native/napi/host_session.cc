#include "napi/host_session.h"

#include <utility>

#include "core/names/system_host.h"
#include "napi/host_thread.h"

namespace sockscope {

HostSession::HostSession(int most_threads)
    : lookup_(FindSystemHost, most_threads, [this] { line_.Wake(); }, StartHostThread) {}

std::shared_ptr<HostSession> HostSession::Start(Napi::Function wake, int most_threads) {
  std::shared_ptr<HostSession> session(new HostSession(most_threads));
  session->line_.Connect(wake, "sockscope hosts", session);
  session->line_.Unref();
  return session;
}

void HostSession::Cancel() {
  if (std::exchange(cancelled_, true)) return;
  lookup_.Close();
  line_.Silence();
  line_.End();
}

}  // namespace sockscope
