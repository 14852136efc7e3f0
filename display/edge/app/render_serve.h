/* «render --serve»: a warm helper that draws what requests ask for, so that a
 * preview is there in the time of a keystroke.
 *
 * A request is its length as four bytes, the most significant first, and a JSON
 * object of that many bytes, RENDER_SERVE_REQUEST_BYTES at most:
 *
 *     message   text: the body of a panel, an alert or a cancel, or a draft;
 *               left out: the page without any message
 *     over      text: the body of the panel beside an alert, or "sample"
 *     figures   list of texts: bodies of live figures
 *     size      "1920x1080", RENDER_SERVE_PIXELS at most
 *     options   object of texts: options of the sections [glass] and [screen]
 *               by their name in the file, such as "glass.height_mm"
 *     now       the time that the clock shows
 *     page      from 1; 1 where it is left out
 *     shrink    1 to 16: a pixel of the picture is the mean of so many times
 *               so many
 *     id        any number, which the answer repeats
 *
 * What a request leaves out is as the command line says. An answer is two
 * lengths of four bytes, a JSON object, and a PNG (0 bytes where nothing was
 * drawn):
 *
 *     id, page, pages, width, height, left_out
 *     problem   object: field, line, column, text; then nothing was drawn
 *
 * A request that cannot be understood gets a problem; the helper goes on. */
#ifndef GAOSHI_DISPLAY_RENDER_SERVE_H
#define GAOSHI_DISPLAY_RENDER_SERVE_H

#include "base/data_path.h"
#include "display/edge/config/config.h"

enum {
    RENDER_SERVE_REQUEST_BYTES = 256 * 1024,
    RENDER_SERVE_PIXELS = 3840 * 2160,
    RENDER_SERVE_SHRINK_MAX = 16,
    /* Sizes and looks that stay ready at once. */
    RENDER_SERVE_GLASSES = 3,
    /* Free memory that stays with the process between two requests. */
    RENDER_SERVE_KEPT_BYTES = 32 * 1024 * 1024,
};

/* Serves until the input ends. False: it broke off in the middle of a request,
 * the output cannot be written, or there is no memory. */
bool render_serve(const struct config *config, const struct data_path *data,
                  int in, int out);

#endif
