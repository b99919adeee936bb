# What node-gyp asks of a Node development folder, so that a build needs the four Node-API headers and no download.
{
  "variables": { "visibility%": "hidden", "library%": "static_library" },
  "target_defaults": {
    "default_configuration": "Release",
    "configurations": {
      "Release": { "cflags": ["-O3"], "defines": ["NDEBUG"] },
      "Debug": { "cflags": ["-g", "-O0"], "defines": ["DEBUG"] }
    },
    "cflags": ["-fPIC", "-pthread"],
    "cflags_cc": ["-fno-strict-aliasing"],
    "ldflags": ["-pthread"]
  }
}
