#ifndef CGAN_COLORIZER_INTERFACE_H
#define CGAN_COLORIZER_INTERFACE_H

/** The border between the GStreamer element and libcgancolorizer.so, in plain C: the element opens
 * the library at run time and asks it for the one symbol CGAN_COLORIZER_ENTRY, so that a process
 * that never colours never loads LibTorch. No exception crosses this border. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Raised with every change of this header; the element refuses another one. */
#define CGAN_COLORIZER_ABI 10
#define CGAN_COLORIZER_ENTRY "cgan_colorizer_interface"

/** The largest values of settings and look that the colorizer takes, and what suits most films. The
 * one place of each number: programs, properties and sentences take them from here. */
#define CGAN_LARGEST_SIDE 16384 /**< pixels, of frames and working copies */
#define CGAN_LARGEST_OVERLAP 0.75
#define CGAN_LARGEST_BATCH 65536
#define CGAN_MOST_THREADS 256
#define CGAN_LONGEST_LOOKAHEAD 12
#define CGAN_LONGEST_DELAY 64 /**< frames */
#define CGAN_LARGEST_SATURATION 4.0
#define CGAN_DEFAULT_MODEL "photo"
#define CGAN_DEFAULT_DEVICE "auto"
#define CGAN_DEFAULT_OVERLAP 0.5
#define CGAN_DEFAULT_TEMPORAL 0.95
#define CGAN_DEFAULT_CUT_THRESHOLD 0.55

/** In C++, too, a value of any number may cross the border: it is looked at there. */
#ifdef __cplusplus
#define CGAN_INT : int
#else
#define CGAN_INT
#endif

typedef enum CganErrorKind CGAN_INT {
  CGAN_ERROR_NONE = 0,
  CGAN_ERROR_MODEL_NOT_FOUND,  /**< no such model file or built-in name */
  CGAN_ERROR_MODEL_UNREADABLE, /**< it exists but cannot be read */
  CGAN_ERROR_MODEL_INVALID,    /**< damaged, or not a generator of this program */
  CGAN_ERROR_DEVICE,           /**< CUDA asked for but not there, or it failed */
  CGAN_ERROR_SETTINGS,         /**< a setting out of range or not possible on this device */
  CGAN_ERROR_FRAME,            /**< a frame whose description contradicts itself */
  CGAN_ERROR_MEMORY,           /**< out of memory, host or device */
  CGAN_ERROR_FAILED,           /**< the network failed */
} CganErrorKind;

/** Filled by every call that fails; always terminated by 0. */
typedef struct {
  CganErrorKind kind;
  char message[512];  /**< one sentence for the user that names the remedy */
  char details[2048]; /**< facts for a developer: paths, shapes, the library's own text */
} CganError;

/** Number formats of the network. */
typedef enum CganPrecision CGAN_INT {
  CGAN_PRECISION_AUTO,
  CGAN_PRECISION_FP32,
  CGAN_PRECISION_BF16,
  CGAN_PRECISION_FP16,
  CGAN_PRECISION_INT8
} CganPrecision;

/** What is fixed for the life of a colorizer. Strings are copied. */
typedef struct {
  const char* model;       /**< built-in name or path of a .safetensors file */
  const char* device;      /**< "auto", "cpu", "cuda" or "cuda:N" */
  CganPrecision precision; /**< AUTO: fp16 on CUDA; on the CPU int8 where model and CPU have it, or
                              fp32 */
  uint32_t work_size; /**< short side of the working copy in pixels; 0: the model's own choice */
  double overlap;     /**< share of a tile's side that neighbours share, 0..0.75; see TileGrid */
  uint32_t batch;     /**< tiles in one call of the network; 0: all of a frame */
  uint32_t threads;   /**< CPU threads; 0: one per core */
  uint64_t variant;   /**< seed of another colour scheme; 0: none */
  uint32_t lookahead; /**< later frames that have a say in a frame's colour, 0..12 */
  int shots_only; /**< no network runs and all gets grey: only the shots are found, much faster */
  int device_passes; /**< on CUDA the passes over frames run there, too; not yet proven on a card */
} CganSettings;

/** What becomes of a shot that is in colour already. */
typedef enum CganOnColour CGAN_INT { CGAN_ON_COLOUR_RECOLOUR, CGAN_ON_COLOUR_KEEP } CganOnColour;

/** What may change from frame to frame. All zero but strength and saturation: each frame is
 * coloured alone. */
typedef struct {
  double strength;      /**< 0: gray .. 1: the network's colour mixed in whole */
  double saturation;    /**< factor on chroma, 0..4 */
  double temporal;      /**< share of the colour so far where it is sure, 0..1 */
  double cut_threshold; /**< how unlike the last frame the first of a new shot is, 0..1 */
  uint32_t carried;     /**< frames in a row that may carry their colour along motion instead of
                           running the network; 0: none */
  double uncertain; /**< share of the picture, 0..1, up to which they may where motion is unsure */
  double vividness; /**< what the network is asked for: -1 muted .. 0 average .. 1 vivid */
  double warmth;    /**< -1: as by bluish light .. 1: as by orange light (chroma_plan.h) */
  double split;     /**< share of the width, 0..1, on the left that stays as it came in */
  CganOnColour on_colour;
} CganLook;

/** GStreamer's formats of these names; their planes and depths are in pixel_format.h. */
typedef enum CganFormat CGAN_INT {
  CGAN_FORMAT_GRAY8,
  CGAN_FORMAT_GRAY16_LE,
  CGAN_FORMAT_I420,
  CGAN_FORMAT_NV12,
  CGAN_FORMAT_YV12,
  CGAN_FORMAT_NV21,
  CGAN_FORMAT_Y42B,
  CGAN_FORMAT_Y444,
  CGAN_FORMAT_I420_10LE,
  CGAN_FORMAT_P010_10LE,
  CGAN_FORMAT_I422_10LE,
  CGAN_FORMAT_Y444_10LE,
  CGAN_FORMAT_I420_12LE,
  CGAN_FORMAT_P012_LE,
  CGAN_FORMAT_I422_12LE,
  CGAN_FORMAT_Y444_12LE,
} CganFormat;
/** Y'CbCr of ITU-R BT.601, BT.709, BT.2020 (non-constant luminance). */
typedef enum CganMatrix CGAN_INT {
  CGAN_MATRIX_BT601,
  CGAN_MATRIX_BT709,
  CGAN_MATRIX_BT2020
} CganMatrix;

/** Where a chroma sample lies among the luma pixels that share it, along the axes on which there
 * are two of them: in their middle, or on the left ones, the upper ones, the first of all. */
typedef enum CganChromaSite CGAN_INT {
  CGAN_CHROMA_CENTRE = 0,
  CGAN_CHROMA_LEFT = 1,
  CGAN_CHROMA_TOP = 2,
  CGAN_CHROMA_TOP_LEFT = CGAN_CHROMA_LEFT | CGAN_CHROMA_TOP,
} CganChromaSite;

/** Where the planes of a stream's frames lie, of input and output alike. */
typedef enum CganMemory CGAN_INT {
  CGAN_MEMORY_HOST = 0,
  /** On the card that device() names, in its primary context: data[] are device addresses. Where
   * settings.device_passes is set and the card computes, see takes_memory(). What writes the planes
   * has ended before a call, and what the call writes is there when it returns. A frame that was
   * submitted is read afterwards: it stays as it is until finish() of it, reset(), set_stream() or
   * destroy() has returned. */
  CGAN_MEMORY_CUDA,
} CganMemory;

/** How the frames of a stream look; input and output have the same size. The output is not gray and
 * has the depth of the input or more; GRAY16_LE may become any of them. Codes of n bits: range 0
 * is 16..235 (chroma 16..240) times 2^(n-8), range 1 is 0..2^n-1. */
typedef struct {
  uint32_t width, height; /**< luma pixels, 1..16384 */
  CganFormat in, out;
  CganMatrix matrix; /**< of the output */
  int in_full_range;
  int out_full_range;
  CganChromaSite chroma_site;    /**< of the output */
  CganChromaSite in_chroma_site; /**< of an input with chroma */
  int interlaced;                /**< some frames come as two fields; height is then 2 or more */
  uint32_t delay; /**< frames, 0..64, that submit() may be ahead of finish() beside the lookahead,
                     so that as many are on their way at once, each on one thread; 0: one frame
                     after the other, each on all threads. The colours are the same. */
  CganMemory memory;
} CganStreamInfo;

/** Which rows of a frame a picture has: all of them, or every other one, from the first or the
 * second on, which were taken at another moment. Chroma rows likewise belong to the fields in turn;
 * where two luma rows of a field share one, those of the top field lie a quarter of the way from
 * the first to the second (site centre or left), of the bottom field three quarters, as in MPEG-2;
 * with site top on the first. */
typedef enum CganScan CGAN_INT {
  CGAN_SCAN_FRAME = 0,
  CGAN_SCAN_TOP_FIELD,
  CGAN_SCAN_BOTTOM_FIELD
} CganScan;

/** A frame, or one of its fields. Borrowed for the length of a call. Planes in the order of
 * GstVideoFrame; addresses and strides in bytes, any stride not below the plane's width, odd ones
 * too. Unused planes: NULL. Of a field: the address of its first row, twice the frame's stride. */
typedef struct {
  uint8_t* data[3];
  ptrdiff_t stride[3];
  CganScan scan; /**< a field only where the stream is interlaced */
} CganFrame;

/** Of frames since the stream began; a field counts as a frame. */
typedef struct {
  uint64_t frames;    /**< coloured or kept */
  uint64_t generated; /**< of these, those for which the network ran */
  uint64_t cuts;      /**< of these, first ones of a shot; 0 where each frame is coloured alone */
  uint64_t carried;   /**< frames for which the network did not run: their colour is carried */
  uint64_t kept;      /**< frames that kept a colour of their own */
  uint64_t call_ns;   /**< all the time in calls that take frames in and colour them, nanoseconds */
  uint64_t network_ns; /**< the same in the network, of all threads; not all of it within calls */
  uint64_t steady_ns;  /**< the same for motion, cuts and steadiness in time */
  uint64_t frame_ns;   /**< the same for the passes over the pixels of the frames */
} CganCounts;

/** A model on its device with the frames so far; opaque. */
typedef struct CganColorizer CganColorizer;

/** Thread-safety: one thread at a time for one colorizer; several colorizers may run side by side.
 */
typedef struct {
  uint32_t abi; /**< CGAN_COLORIZER_ABI of the library */

  /** Loads the model. NULL and *error filled on failure; free with destroy. */
  CganColorizer* (*create)(const CganSettings* settings, CganError* error);
  void (*destroy)(CganColorizer* colorizer); /**< NULL is fine */

  /** Allocates everything that the size decides. On failure (0) the former stream info stays. */
  int (*set_stream)(CganColorizer* colorizer, const CganStreamInfo* info, CganError* error);

  /** Colours one frame. out->data[0] == in->data[0] means in place: luma is not touched; only where
   * its depth and range stay. Otherwise luma is copied: bit for bit where depth and range stay,
   * else by the standard's formula (luma_plan.h). What keeps the input's chroma has it to the bit
   * where depth, range and grid stay (chroma_plan.h), and neutral chroma where the input is gray.
   * No frame of submit() may wait; whatever info.delay, the frame has all threads.
   * 0 on failure: the output then holds the luma with neutral chroma, in memory of a card only
   * where that still writes. */
  int (*colorize)(CganColorizer* colorizer, const CganFrame* in, const CganFrame* out,
                  const CganLook* look, CganError* error);

  /** The two halves of colorize(), for frames that wait for later ones: because these have a say in
   * their colour (settings.lookahead), or are on their way at the same time (info.delay).
   * submit() takes a frame in: it reads its luma, and its chroma where the look may keep that, and
   * begins what can be done before the frames ahead of it are through. Nothing of `in` is needed
   * after it returns, where that lies in the host's memory or the call fails. At most lookahead +
   * delay + 1 frames wait at a time; of an interlaced stream twice as many fields, in the order of
   * their moments. finish() colours the earliest that waits, which must be passed again, when up to
   * `lookahead` later ones have been submitted; it counts strength, saturation, temporal,
   * cut_threshold, warmth and split of a look of its own. With in NULL it lets that frame go
   * without colour. Failures as with colorize(); after one of submit() the frame does not wait,
   * after one of finish() no longer. */
  int (*submit)(CganColorizer* colorizer, const CganFrame* in, const CganLook* look,
                CganError* error);
  int (*finish)(CganColorizer* colorizer, const CganFrame* in, const CganFrame* out,
                const CganLook* look, CganError* error);

  /** Forgets the frames so far, those that wait as well, after a jump in the stream. */
  void (*reset)(CganColorizer* colorizer);

  /** The delay from which on more gains nothing, for a stream whose frames nobody waits for; 0
   * where the device takes one frame at a time. */
  uint32_t (*best_delay)(const CganColorizer* colorizer);

  /** What happened since set_stream(). Valid while the colorizer lives. */
  const CganCounts* (*counts)(const CganColorizer* colorizer);

  /** "cpu" or "cuda:N", "fp32" .., the device and precision in use. Valid while it lives. */
  const char* (*device)(const CganColorizer* colorizer);
  const char* (*precision)(const CganColorizer* colorizer);

  /** 1 where set_stream() takes streams whose frames lie there, else 0. */
  int (*takes_memory)(const CganColorizer* colorizer, CganMemory memory);

  /** A sentence for the user about a choice that works but serves him badly, with the remedy; NULL
   * where there is none. Valid while the colorizer lives. */
  const char* (*warning)(const CganColorizer* colorizer);
  /** A sentence for the user about what was given up since the last call of it, so that the stream
   * could go on; NULL where nothing was. After set_stream() and every frame. Valid until the next
   * call. */
  const char* (*notice)(CganColorizer* colorizer);

  /** What the frames so far say of the next one, as bytes, so that a stream can go on in another
   * process with the same settings, stream info, looks and frames: to the bit as if it had not been
   * parted. mark() asks for it at the frame that is taken in next. When that frame has been
   * coloured, state() gives it: as it was before that frame, whatever waits behind. It gives one
   * unasked for a frame that begins a shot, without the pictures of the shots before: it serves
   * only where the shot does not change within 8 frames. NULL for all other frames. changes_shot: 1
   * where the frame begins a shot or shows that the last change was none. Valid until the next
   * call. */
  void (*mark)(CganColorizer* colorizer);
  const void* (*state)(const CganColorizer* colorizer, size_t* size, int* changes_shot);
  /** After set_stream(), in place of the frames so far. On failure (0) as after reset(). */
  int (*restore)(CganColorizer* colorizer, const void* state, size_t size, CganError* error);
} CganColorizerInterface;

#ifdef __cplusplus
#define CGAN_EXPORT extern "C" __attribute__((visibility("default")))
}
#else
#define CGAN_EXPORT __attribute__((visibility("default")))
#endif

/** The one exported symbol has this type. */
typedef const CganColorizerInterface* (*CganColorizerEntry)(void);

#endif
