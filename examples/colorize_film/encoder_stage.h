#pragma once

// The part of the pipeline that depends on what the picture is: formats, fields, encoder.

#include <functional>
#include <string>

#include "examples/colorize_film/film_pipeline.h"
#include "examples/colorize_film/first_picture.h"
#include "examples/colorize_film/options.h"

namespace colorize_film {

// Sets the formats for a film of this picture and puts its encoder in; before its first frame, in
// any state. `warn` is told, in sentences for the user, what of the picture cannot be kept.
// Throws RunError for an encoder that cannot be, would lose depth, chroma or range, or does not fit
// OUT.
void open_encoder(const FilmPipeline& film, const Options& options, const FirstPicture& picture,
                  const std::function<void(const std::string&)>& warn);

}  // namespace colorize_film
