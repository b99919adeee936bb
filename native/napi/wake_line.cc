#include "napi/wake_line.h"

#include <utility>

namespace sockscope {

// The raw interface, not node-addon-api's wrapper: the wrapper's callback throws where we must not.
void WakeLine::Connect(Napi::Function wake, const char* name, std::shared_ptr<Session> session) {
  env_ = wake.Env();
  const Napi::String label = Napi::String::New(env_, name);
  if (napi_create_threadsafe_function(env_, wake, nullptr, label, 0, 1, this, OnDisconnected, this, CallWake, &wake_) !=
      napi_ok) {
    throw Napi::Error::New(env_);
  }
  session_ = std::move(session);   // OnDisconnected lets go of it
  // After the thread-safe function's own hook, hence run before it: the threads must be gone when it closes.
  if (napi_add_env_cleanup_hook(env_, OnEnvironmentEnd, this) != napi_ok) {
    napi_release_threadsafe_function(wake_, napi_tsfn_abort);
    throw Napi::Error::New(env_, "the environment is ending");
  }
  hooked_ = true;
}

void WakeLine::Wake() { napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking); }

void WakeLine::End() {
  Wake();
  // From here on the JavaScript thread may close the function; this thread must not touch it again.
  napi_release_threadsafe_function(wake_, napi_tsfn_release);
}

void WakeLine::Unref() {
  if (session_ != nullptr) napi_unref_threadsafe_function(env_, wake_);
}

void WakeLine::Silence() {
  if (!std::exchange(silent_, true)) Unref();
}

// Leaves no exception behind: at this place Node would take it for an uncaught one.
void WakeLine::CallWake(napi_env env, napi_value wake, void* line, void*) {
  if (env == nullptr || wake == nullptr || static_cast<WakeLine*>(line)->silent_) return;
  napi_value undefined;
  if (napi_get_undefined(env, &undefined) != napi_ok) return;
  if (napi_call_function(env, undefined, wake, 0, nullptr, nullptr) == napi_ok) return;
  napi_value ignored;
  napi_get_and_clear_last_exception(env, &ignored);
}

// The last reference to the function is gone: End was called, and its thread is leaving. Joins it.
void WakeLine::OnDisconnected(napi_env env, void* data, void*) {
  auto* line = static_cast<WakeLine*>(data);
  const std::shared_ptr<Session> session = std::move(line->session_);   // the line's end may come with this one's
  session->Join();
  if (std::exchange(line->hooked_, false)) napi_remove_env_cleanup_hook(env, OnEnvironmentEnd, line);
}

void WakeLine::OnEnvironmentEnd(void* data) {
  auto* line = static_cast<WakeLine*>(data);
  line->hooked_ = false;
  line->session_->Cancel();
  line->session_->Join();
}

}  // namespace sockscope
