#include "napi/owners_object.h"

#include <algorithm>
#include <vector>

#include "napi/arguments.h"
#include "napi/to_js.h"

namespace sockscope {

namespace {

Napi::Uint32Array ToJs(Napi::Env env, const std::vector<uint32_t>& words) {
  auto array = Napi::Uint32Array::New(env, words.size());
  std::copy(words.begin(), words.end(), array.Data());
  return array;
}

}  // namespace

Napi::Function OwnersObject::DefineClass(Napi::Env env) {
  return ObjectWrap::DefineClass(
      env, "NativeOwners",
      {InstanceMethod<&OwnersObject::End>("end"), InstanceMethod<&OwnersObject::Find>("find"),
       InstanceMethod<&OwnersObject::Processes>("processes"), InstanceMethod<&OwnersObject::Cancel>("cancel")});
}

OwnersObject::~OwnersObject() {
  if (told_bytes_ != 0) Napi::MemoryManagement::AdjustExternalMemory(Env(), -told_bytes_);
}

Napi::Value OwnersObject::End(const Napi::CallbackInfo& info) {
  const OwnerAnswer* answer = session().Answer();
  if (answer == nullptr) return info.Env().Undefined();
  TellSize(*answer);
  Napi::Object object = sockscope::ToJs(info.Env(), answer->status);
  object.Set("processes", double(answer->tally.processes));
  object.Set("vanished", double(answer->tally.vanished));
  object.Set("denied", double(answer->tally.denied));
  object.Set("unopened", double(answer->tally.unopened));
  object.Set("descriptors", double(answer->tally.descriptors));
  object.Set("sockets", double(answer->tally.sockets));
  object.Set("threads", double(answer->tally.threads));
  object.Set("indexBytes", double(answer->index.bytes()));
  return object;
}

Napi::Value OwnersObject::Find(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const OwnerAnswer& answer = GoodAnswer(env);
  // A copy: another thread may write to a shared one meanwhile.
  const std::vector<uint32_t> inodes = ToUint32s(info[0], "inodes");
  std::vector<uint32_t> pids;
  std::vector<uint32_t> fds;
  auto start = Napi::Uint32Array::New(env, inodes.size() + 1);
  answer.index.FindAll(inodes, start.Data(), &pids, &fds);
  auto holders = Napi::Object::New(env);
  holders.Set("start", start);
  holders.Set("pid", ToJs(env, pids));
  holders.Set("fd", ToJs(env, fds));
  return holders;
}

Napi::Value OwnersObject::Processes(const Napi::CallbackInfo& info) {
  const OwnerAnswer& answer = GoodAnswer(info.Env());
  auto pairs = Napi::Uint32Array::New(info.Env(), answer.processes.size() * 2);
  uint32_t* next = pairs.Data();
  for (const HolderProcess& process : answer.processes) {
    *next++ = process.pid;
    *next++ = process.start_ticks;
  }
  return pairs;
}

void OwnersObject::Cancel(const Napi::CallbackInfo&) { session().Cancel(); }

const OwnerAnswer& OwnersObject::GoodAnswer(Napi::Env env) const {
  const OwnerAnswer* answer = session().Answer();
  if (answer == nullptr) Reject(env, "the owner scan has not ended yet");
  if (!answer->status.ok()) Reject(env, "the owner scan has failed: there is nothing to look up");
  return *answer;
}

// The garbage collector sees a small object: told of what hangs on it, it comes in time.
void OwnersObject::TellSize(const OwnerAnswer& answer) {
  if (told_bytes_ != 0) return;
  told_bytes_ = int64_t(answer.index.bytes() + answer.processes.capacity() * sizeof(HolderProcess));
  Napi::MemoryManagement::AdjustExternalMemory(Env(), told_bytes_);
}

}  // namespace sockscope
