/* Pictures of what screens show, drawn by the display's own program, which runs
 * beside the console («gaoshi-display render --serve») and is started anew when
 * it ends. */
#ifndef GAOSHI_PUBLISHER_PAINTER_H
#define GAOSHI_PUBLISHER_PAINTER_H

#include "publisher/cli/options.h"

#include <jansson.h>
#include <poll.h>

enum { PAINTER_WAITING = 64, PAINTER_STARTS = 5 };

struct painter;

/* NULL: no memory. pictures: folder with pictures of panels by their digest;
 * borrowed, like the options. */
struct painter *painter_create(const struct options *options,
                               const char *pictures);
/* Calls back for what waits. NULL: nothing. */
void painter_destroy(struct painter *painter);

/* Asks for a picture; takes the request, an object as render_serve.h of the
 * display has it. Calls back once with the answer's object and the PNG, both
 * borrowed, also where it failed («problem»), never from within this function.
 * False: too many wait, or no memory. */
bool painter_ask(struct painter *painter, json_t *request,
                 void (*done)(void *context, const json_t *head,
                              const void *png, size_t bytes),
                 void *context);

/* Adds what is to be polled; returns how many. */
enum { PAINTER_POLL_MAX = 1 };
size_t painter_poll(const struct painter *painter,
                    struct pollfd out[PAINTER_POLL_MAX]);
void painter_turn(struct painter *painter, int64_t now_ms);

#endif
