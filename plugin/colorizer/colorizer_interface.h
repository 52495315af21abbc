#ifndef CGAN_COLORIZER_INTERFACE_H
#define CGAN_COLORIZER_INTERFACE_H

/* The border between the GStreamer element and libcgancolorizer.so, in plain C: the element opens
 * the library at run time and asks it for the one symbol CGAN_COLORIZER_ENTRY, so that a process
 * that never colours never loads LibTorch. No exception crosses this border. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised with every change of this header; the element refuses another one. */
#define CGAN_COLORIZER_ABI 1
#define CGAN_COLORIZER_ENTRY "cgan_colorizer_interface"

typedef enum {
  CGAN_ERROR_NONE = 0,
  CGAN_ERROR_MODEL_NOT_FOUND, /* no such model file or built-in name */
  CGAN_ERROR_MODEL_UNREADABLE, /* it exists but cannot be read */
  CGAN_ERROR_MODEL_INVALID,   /* damaged, or not a generator of this program */
  CGAN_ERROR_DEVICE,          /* CUDA asked for but not there, or it failed */
  CGAN_ERROR_SETTINGS,        /* a setting out of range or not possible on this device */
  CGAN_ERROR_FRAME,           /* a frame whose description contradicts itself */
  CGAN_ERROR_MEMORY,          /* out of memory, host or device */
  CGAN_ERROR_FAILED,          /* the network failed */
} CganErrorKind;

/* Filled by every call that fails; always terminated by 0. */
typedef struct {
  CganErrorKind kind;
  char message[512];  /* one sentence for the user that names the remedy */
  char details[2048]; /* facts for a developer: paths, shapes, the library's own text */
} CganError;

typedef enum { CGAN_PRECISION_AUTO, CGAN_PRECISION_FP32, CGAN_PRECISION_BF16, CGAN_PRECISION_FP16 } CganPrecision;

/* What is fixed for the life of a colorizer. Strings are copied. */
typedef struct {
  const char *model;       /* built-in name or path of a .safetensors file */
  const char *device;      /* "auto", "cpu", "cuda" or "cuda:N" */
  CganPrecision precision; /* AUTO: fp32 on the CPU, fp16 on CUDA */
  uint32_t work_size;      /* short side of the working copy in pixels; 0: the model's own choice */
  double overlap;          /* share of a tile's side that neighbours share at least, 0..0.75 */
  uint32_t batch;          /* tiles in one call of the network; 0: all of a frame */
  uint32_t threads;        /* CPU threads; 0: one per core */
  uint64_t variant;        /* seed of the dropout mask; 0: no dropout */
} CganSettings;

/* What may change from frame to frame. */
typedef struct {
  double strength;   /* 0: gray .. 1: the network's colour mixed in whole */
  double saturation; /* factor on chroma, 0..4 */
} CganLook;

typedef enum { CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420, CGAN_FORMAT_NV12, CGAN_FORMAT_Y444 } CganFormat;
typedef enum { CGAN_MATRIX_BT601, CGAN_MATRIX_BT709, CGAN_MATRIX_BT2020 } CganMatrix;

/* How the frames of a stream look; input and output have the same size, matrix and range. */
typedef struct {
  uint32_t width, height; /* luma pixels, 1..16384 */
  CganFormat in, out;     /* out is not GRAY8 */
  CganMatrix matrix;
  int full_range;         /* 0: 16..235, 1: 0..255 */
} CganStreamInfo;

/* Borrowed for the length of a call. Planes in the order of GstVideoFrame; strides in bytes, any
 * value not below the plane's width. Unused planes: NULL. */
typedef struct {
  uint8_t *data[3];
  ptrdiff_t stride[3];
} CganFrame;

typedef struct CganColorizer CganColorizer;

/* Thread-safety: one thread at a time for one colorizer; several colorizers may run side by side. */
typedef struct {
  uint32_t abi; /* CGAN_COLORIZER_ABI of the library */

  /* Loads the model. NULL and *error filled on failure; free with destroy. */
  CganColorizer *(*create)(const CganSettings *settings, CganError *error);
  void (*destroy)(CganColorizer *colorizer); /* NULL is fine */

  /* Allocates everything that the size decides. On failure (0) the former stream info stays. */
  int (*set_stream)(CganColorizer *colorizer, const CganStreamInfo *info, CganError *error);

  /* Colours one frame. out->data[0] == in->data[0] means in place: luma is not touched. Otherwise
   * luma is copied bit for bit. 0 on failure: the output then holds the luma with neutral chroma. */
  int (*colorize)(CganColorizer *colorizer, const CganFrame *in, const CganFrame *out,
                  const CganLook *look, CganError *error);

  /* "cpu" or "cuda:N", "fp32" .., the device and precision in use. Valid while it lives. */
  const char *(*device)(const CganColorizer *colorizer);
  const char *(*precision)(const CganColorizer *colorizer);
} CganColorizerInterface;

#ifdef __cplusplus
#define CGAN_EXPORT extern "C" __attribute__((visibility("default")))
}
#else
#define CGAN_EXPORT __attribute__((visibility("default")))
#endif

/* The one exported symbol has this type. */
typedef const CganColorizerInterface *(*CganColorizerEntry)(void);

#endif
