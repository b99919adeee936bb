#pragma once

#include <bit>
#include <cstdint>

#include "core/owners/bpf_program.h"

// The instructions that programs are made of here.
namespace sockscope::bpf {

static_assert(std::endian::native == std::endian::little, "registers are laid out the other way round");

enum Register : uint8_t { kResult, kArg1, kArg2, kArg3, kArg4, kArg5, kSaved6, kSaved7, kSaved8, kSaved9, kFrame };
enum Width : uint8_t { k32Bits = 0x00, k16Bits = 0x08, k8Bits = 0x10, k64Bits = 0x18 };

constexpr BpfInstruction Make(uint8_t code, Register to, Register from, int16_t offset, int32_t immediate) {
  return {code, static_cast<uint8_t>(to | from << 4), offset, immediate};
}
constexpr BpfInstruction Load(Width width, Register to, Register from, int16_t offset) {
  return Make(0x61 | width, to, from, offset, 0);
}
constexpr BpfInstruction Move(Register to, Register from) { return Make(0xbf, to, from, 0, 0); }
constexpr BpfInstruction SetValue(Register to, int32_t value) { return Make(0xb7, to, kResult, 0, value); }
constexpr BpfInstruction AddValue(Register to, int32_t value) { return Make(0x07, to, kResult, 0, value); }
constexpr BpfInstruction DivideBy(Register to, int32_t value) { return Make(0x37, to, kResult, 0, value); }
constexpr BpfInstruction SetBits32(Register to, uint32_t bits) {
  return Make(0x44, to, kResult, 0, static_cast<int32_t>(bits));
}
constexpr BpfInstruction SkipIfEqual(Register a, Register b, int16_t instructions) {
  return Make(0x1d, a, b, instructions, 0);
}
constexpr BpfInstruction SkipUnlessZero(Register a, int16_t instructions) {
  return Make(0x55, a, kResult, instructions, 0);
}
constexpr BpfInstruction Call(int32_t helper) { return Make(0x85, kResult, kResult, 0, helper); }
constexpr BpfInstruction Exit() { return Make(0x95, kResult, kResult, 0, 0); }
constexpr BpfInstruction StoreAt(Width width, Register to, int16_t offset, Register from) {
  return Make(0x63 | width, to, from, offset, 0);
}
constexpr BpfInstruction StoreValueAt(Width width, Register to, int16_t offset, int32_t value) {
  return Make(0x62 | width, to, kResult, offset, value);
}
constexpr BpfInstruction Add(Register to, Register from) { return Make(0x0f, to, from, 0, 0); }
constexpr BpfInstruction Subtract(Register to, Register from) { return Make(0x1f, to, from, 0, 0); }
constexpr BpfInstruction Multiply(Register to, Register from) { return Make(0x2f, to, from, 0, 0); }
// On the low 32 bits; the others become 0.
constexpr BpfInstruction Subtract32(Register to, Register from) { return Make(0x1c, to, from, 0, 0); }
constexpr BpfInstruction ShiftLeft(Register to, int32_t bits) { return Make(0x67, to, kResult, 0, bits); }
constexpr BpfInstruction ShiftRight(Register to, int32_t bits) { return Make(0x77, to, kResult, 0, bits); }
// A function of the kernel that is no helper, by its BTF id.
constexpr BpfInstruction CallFunction(uint32_t function) {
  return Make(0x85, kResult, static_cast<Register>(2), 0, static_cast<int32_t>(function));
}

// Jumps; where they go is set when their target is emitted.
constexpr BpfInstruction Jump() { return Make(0x05, kResult, kResult, 0, 0); }
constexpr BpfInstruction JumpIfEqual(Register a, int32_t value) { return Make(0x15, a, kResult, 0, value); }
constexpr BpfInstruction JumpIfAbove(Register a, int32_t value) { return Make(0x25, a, kResult, 0, value); }
constexpr BpfInstruction JumpIfBits(Register a, int32_t bits) { return Make(0x45, a, kResult, 0, bits); }
constexpr BpfInstruction JumpUnlessEqual(Register a, int32_t value) { return Make(0x55, a, kResult, 0, value); }
constexpr BpfInstruction JumpUnlessEqual(Register a, Register b) { return Make(0x5d, a, b, 0, 0); }
constexpr BpfInstruction JumpIfAbove(Register a, Register b) { return Make(0x2d, a, b, 0, 0); }
constexpr BpfInstruction JumpUnlessBelow(Register a, Register b) { return Make(0x3d, a, b, 0, 0); }

}  // namespace sockscope::bpf
