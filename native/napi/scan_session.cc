#include "napi/scan_session.h"

#include <utility>

namespace sockscope {

namespace {

void Check(napi_env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env);
}

}  // namespace

std::shared_ptr<ScanSession> ScanSession::Start(Napi::Function wake, const ScanRequest& request,
                                                std::unique_ptr<Transport> transport, const Status& opened) {
  std::shared_ptr<ScanSession> session(new ScanSession(request.max_bytes));
  session->Connect(wake, session);
  session->Run(request, std::move(transport), opened);
  return session;
}

ScanSession::~ScanSession() = default;

// The raw interface, not node-addon-api's wrapper: the wrapper's callback throws where we must not.
void ScanSession::Connect(Napi::Function wake, const std::shared_ptr<ScanSession>& self) {
  env_ = wake.Env();
  auto holder = std::make_unique<std::shared_ptr<ScanSession>>(self);
  Check(env_, napi_create_threadsafe_function(env_, wake, nullptr, Napi::String::New(env_, "sockscope dump"), 0, 1,
                                              holder.get(), OnDisconnected, this, CallWake, &wake_));
  holder.release();   // OnDisconnected owns it now
  connected_ = true;
  // After the thread-safe function's own hook, hence run before it: the threads must be gone when it closes.
  if (napi_add_env_cleanup_hook(env_, OnEnvironmentEnd, this) != napi_ok) {
    napi_release_threadsafe_function(wake_, napi_tsfn_abort);
    throw Napi::Error::New(env_, "the environment is ending");
  }
  hooked_ = true;
}

void ScanSession::Run(const ScanRequest& request, std::unique_ptr<Transport> transport, const Status& opened) {
  Status status = opened;
  if (transport != nullptr) {
    try {
      scan_ = std::make_unique<Scan>(std::move(transport), request, this);
      status = scan_->Start();
      if (status.ok()) return;
    } catch (const std::bad_alloc&) {
      status = Status::From(Status::Code::kNoMemory, "start");
    }
  }
  OnEnd(status, ScanTally());
}

Status ScanSession::OnBatch(std::unique_ptr<Batch> batch) {
  const size_t bytes = batch->ByteLength();
  bool first;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (cancelled_) return Status::From(Status::Code::kCancelled, "take");
    if (bytes > max_bytes_ - waiting_bytes_) return Status::From(Status::Code::kTooLarge, "queue");
    first = waiting_.empty();
    waiting_.push_back(std::move(batch));
    waiting_bytes_ += bytes;
  }
  if (first) Wake();
  return Status::Ok();
}

void ScanSession::OnEnd(const Status& status, const ScanTally& tally) {
  std::deque<std::unique_ptr<Batch>> dropped;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    end_ = End{status, tally};
    ended_ = true;
    if (cancelled_) dropped.swap(waiting_);
  }
  dropped.clear();   // now: the JavaScript thread joins this one soon after the release
  Wake();
  // From here on the JavaScript thread may close the function; this thread must not touch it again.
  napi_release_threadsafe_function(wake_, napi_tsfn_release);
}

ScanSession::Taken ScanSession::Take() {
  Taken taken;
  std::lock_guard<std::mutex> lock(mutex_);
  if (!waiting_.empty() && !cancelled_) {
    taken.batch = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= taken.batch->ByteLength();
  } else if (ended_) {
    taken.end = &end_;
  }
  return taken;
}

void ScanSession::Cancel() {
  std::deque<std::unique_ptr<Batch>> dropped;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (std::exchange(cancelled_, true)) return;
    // While the scan runs, what waits is left to its thread, which this one does not wait for.
    if (ended_) dropped.swap(waiting_);
  }
  if (scan_ != nullptr) scan_->Cancel();
  if (connected_) napi_unref_threadsafe_function(env_, wake_);
}

void ScanSession::Wake() {
  napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
}

// Leaves no exception behind: at this place Node would take it for an uncaught one.
void ScanSession::CallWake(napi_env env, napi_value wake, void* session, void*) {
  if (env == nullptr || wake == nullptr) return;
  auto* self = static_cast<ScanSession*>(session);
  {
    std::lock_guard<std::mutex> lock(self->mutex_);
    if (self->cancelled_) return;
  }
  napi_value undefined;
  if (napi_get_undefined(env, &undefined) != napi_ok) return;
  if (napi_call_function(env, undefined, wake, 0, nullptr, nullptr) == napi_ok) return;
  napi_value ignored;
  napi_get_and_clear_last_exception(env, &ignored);
}

// The last reference to the function is gone: OnEnd has run, and its thread is leaving. Joins it.
void ScanSession::OnDisconnected(napi_env env, void* holder, void*) {
  std::unique_ptr<std::shared_ptr<ScanSession>> self(static_cast<std::shared_ptr<ScanSession>*>(holder));
  ScanSession* session = self->get();
  session->connected_ = false;
  session->scan_.reset();
  if (std::exchange(session->hooked_, false)) napi_remove_env_cleanup_hook(env, OnEnvironmentEnd, session);
}

void ScanSession::OnEnvironmentEnd(void* session) {
  auto* self = static_cast<ScanSession*>(session);
  self->hooked_ = false;
  self->Cancel();
  if (self->scan_ != nullptr) self->scan_->Join();
}

}  // namespace sockscope
