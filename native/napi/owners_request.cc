#include "napi/owners_request.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/owners/bpf_owners.h"
#include "core/owners/proc_fd_walk.h"
#include "napi/arguments.h"
#include "napi/bpf_object.h"

namespace sockscope {

namespace {

constexpr int kMostThreads = 64;

void ReadSlots(Napi::Value value, ProcFdOptions* options) {
  if (value.IsUndefined()) return;
  const std::vector<uint32_t> words = ToUint32s(value, "slots");
  if (words.size() % 2 != 0) Reject(value.Env(), "slots must hold pairs of pid and fd");
  options->only_slots = true;
  options->slots.reserve(words.size() / 2);
  for (size_t i = 0; i < words.size(); i += 2) {
    if (i > 0 && words[i] < words[i - 2]) Reject(value.Env(), "slots must have ascending pids");
    options->slots.push_back({.pid = words[i], .fd = words[i + 1]});
  }
}

OwnerQuestion ToQuestion(Napi::Object object) {
  OwnerQuestion question;
  question.lowest = ToFlag(object.Get("lowest"), "lowest");
  const Napi::Value wanted = object.Get("wanted");
  question.selective = !wanted.IsUndefined();
  if (question.selective) question.wanted = ToUint32s(wanted, "wanted");
  question.threads = int(ToWhole(object.Get("threads"), "threads", 1, kMostThreads));
  question.priority = ToPriority(object.Get("priority"));
  question.max_bytes = size_t(ToWhole(object.Get("maxBytes"), "maxBytes", 0, kMostSafe));
  return question;
}

ProcFdOptions ToProcFdOptions(Napi::Object object) {
  ProcFdOptions options;
  options.proc_root = ToPath(object.Get("procRoot"), "procRoot");
  options.threads = !ToFlag(object.Get("leadersOnly"), "leadersOnly");
  ReadSlots(object.Get("slots"), &options);
  if (const Napi::Value share = object.Get("share"); !share.IsUndefined()) {
    if (!share.IsObject() || !options.only_slots) Reject(object.Env(), "share must be an object, beside slots");
    const auto part = share.As<Napi::Object>();
    options.share_of = uint32_t(ToWhole(part.Get("of"), "share.of", 1, UINT32_MAX));
    options.share_index = uint32_t(ToWhole(part.Get("index"), "share.index", 0, options.share_of - 1));
  }
  if (const Napi::Value except = object.Get("except"); !except.IsUndefined()) {
    options.except = ToUint32s(except, "except");
    std::sort(options.except.begin(), options.except.end());
  }
  return options;
}

}  // namespace

OwnersRequest ToOwnersRequest(Napi::Value value) {
  if (!value.IsObject()) Reject(value.Env(), "request must be an object");
  const auto object = value.As<Napi::Object>();
  const Napi::Value name = object.Get("scan");
  const std::string scan = name.IsString() ? name.As<Napi::String>().Utf8Value() : std::string();
  OwnersRequest request{.question = ToQuestion(object), .walk = nullptr};
  ProcFdOptions options = ToProcFdOptions(object);
  if (options.only_slots && scan != "procfd") Reject(value.Env(), "slots are for scan 'procfd'");
  if (scan == "procfd") {
    request.walk = MakeProcFdWalk(std::move(options));
  } else if (scan == "bpf") {
    request.walk = BpfOwners::MakeWalk(BpfObject::Loaded(object.Get("bpf"), "bpf"), request.question.threads);
  } else if (scan == "bpf-pinned") {
    request.walk = MakePinnedWalk(ToPath(object.Get("path"), "path"));
  } else {
    Reject(value.Env(), "scan must be 'procfd', 'bpf' or 'bpf-pinned'");
  }
  return request;
}

}  // namespace sockscope
