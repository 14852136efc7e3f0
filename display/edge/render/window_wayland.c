/* Keeps a list of the compositor's outputs, and what became of the last frame.
 * Events are read from the connection by SDL, which puts ours into our queue;
 * here they are only taken out. */
#include "display/edge/render/window_wayland.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wayland-client.h>

#include "base/clock.h"
#include "display/edge/render/window.h"

/* Outputs more than these are not counted. */
enum { OUTPUTS_MAX = 16, OUTPUT_VERSION = 2 };

/* The protocol presentation-time, of which wayland-client has no header. */
static const struct wl_interface feedback_interface;
static const struct wl_interface *frame_types[] = {&wl_surface_interface,
                                                   &feedback_interface};
static const struct wl_interface *output_types[] = {&wl_output_interface};
static const struct wl_interface *plain_types[7];
static const struct wl_message presentation_requests[] = {
    {"destroy", "", plain_types}, {"feedback", "on", frame_types}};
static const struct wl_message presentation_events[] = {
    {"clock_id", "u", plain_types}};
static const struct wl_message feedback_events[] = {
    {"sync_output", "o", output_types},
    {"presented", "uuuuuuu", plain_types},
    {"discarded", "", plain_types}};
static const struct wl_interface presentation_interface = {
    "wp_presentation", 1, 2, presentation_requests, 1, presentation_events};
static const struct wl_interface feedback_interface = {
    "wp_presentation_feedback", 1, 0, NULL, 3, feedback_events};
enum { PRESENTATION_FEEDBACK = 1 };

struct output {
    struct wl_output *proxy; /* NULL: a free place */
    uint32_t name;
    int32_t width, height; /* of the current mode */
    int32_t scale, transform;
    bool complete; /* all of it was told once */
};

struct window_wayland {
    struct wl_display *display;
    struct wl_event_queue *queue;
    struct wl_registry *registry;
    struct output outputs[OUTPUTS_MAX];
    struct wl_proxy *presentation; /* NULL: the compositor has none */
    struct wl_proxy *feedback;     /* of the last frame; NULL: it was told */
    struct wl_callback *drawn;     /* likewise */
    int64_t due_ms;                /* see window_wayland_due_ms */
    int64_t repeat_ms;             /* see window_wayland_repeat_ms */
    bool repeats;                  /* the last frame was the one before again */
    bool lost; /* the last frame was discarded; not told yet */
};

static void on_geometry(void *data, struct wl_output *proxy, int32_t x,
                        int32_t y, int32_t width_mm, int32_t height_mm,
                        int32_t subpixel, const char *make, const char *model,
                        int32_t transform)
{
    struct output *output = data;

    (void)proxy, (void)x, (void)y, (void)width_mm, (void)height_mm;
    (void)subpixel, (void)make, (void)model;
    output->transform = transform;
}

static void on_mode(void *data, struct wl_output *proxy, uint32_t flags,
                    int32_t width, int32_t height, int32_t refresh)
{
    struct output *output = data;

    (void)proxy, (void)refresh;
    if (!(flags & WL_OUTPUT_MODE_CURRENT))
        return;
    output->width = width;
    output->height = height;
}

static void on_done(void *data, struct wl_output *proxy)
{
    struct output *output = data;

    (void)proxy;
    output->complete = true;
}

static void on_scale(void *data, struct wl_output *proxy, int32_t scale)
{
    struct output *output = data;

    (void)proxy;
    output->scale = scale > 0 ? scale : 1;
}

static const struct wl_output_listener output_listener = {
    .geometry = on_geometry,
    .mode = on_mode,
    .done = on_done,
    .scale = on_scale,
};

static void on_global(void *data, struct wl_registry *registry, uint32_t name,
                      const char *interface, uint32_t version)
{
    struct window_wayland *wayland = data;
    int place = 0;

    if (strcmp(interface, presentation_interface.name) == 0)
        wayland->presentation = wl_registry_bind(registry, name,
                                                 &presentation_interface, 1);
    if (strcmp(interface, wl_output_interface.name) != 0 ||
        version < OUTPUT_VERSION)
        return;
    while (place < OUTPUTS_MAX && wayland->outputs[place].proxy)
        place++;
    if (place == OUTPUTS_MAX)
        return;
    struct output *output = &wayland->outputs[place];
    *output = (struct output){.name = name, .scale = 1};
    output->proxy = wl_registry_bind(registry, name, &wl_output_interface,
                                     OUTPUT_VERSION);
    if (output->proxy)
        wl_output_add_listener(output->proxy, &output_listener, output);
}

static void forget(struct output *output)
{
    if (output->proxy)
        wl_output_destroy(output->proxy);
    output->proxy = NULL;
}

static void on_global_remove(void *data, struct wl_registry *registry,
                             uint32_t name)
{
    struct window_wayland *wayland = data;

    (void)registry;
    for (int i = 0; i < OUTPUTS_MAX; i++) {
        if (wayland->outputs[i].proxy && wayland->outputs[i].name == name)
            forget(&wayland->outputs[i]);
    }
}

static const struct wl_registry_listener registry_listener = {
    .global = on_global,
    .global_remove = on_global_remove,
};

/* The proxies of the registry inherit its queue. */
static bool listen(struct window_wayland *wayland)
{
    struct wl_display *wrapper = wl_proxy_create_wrapper(wayland->display);

    wayland->queue = wl_display_create_queue(wayland->display);
    if (wrapper && wayland->queue) {
        wl_proxy_set_queue((struct wl_proxy *)wrapper, wayland->queue);
        wayland->registry = wl_display_get_registry(wrapper);
    }
    if (wrapper)
        wl_proxy_wrapper_destroy(wrapper);
    if (!wayland->registry)
        return false;
    wl_registry_add_listener(wayland->registry, &registry_listener, wayland);
    /* Once for the list, once for what each output tells. */
    wl_display_roundtrip_queue(wayland->display, wayland->queue);
    wl_display_roundtrip_queue(wayland->display, wayland->queue);
    return true;
}

struct window_wayland *window_wayland_create(struct wl_display *display)
{
    struct window_wayland *wayland = calloc(1, sizeof *wayland);

    if (!wayland)
        return NULL;
    wayland->display = display;
    wayland->repeat_ms = INT64_MAX;
    if (listen(wayland))
        return wayland;
    window_wayland_destroy(wayland);
    return NULL;
}

void window_wayland_destroy(struct window_wayland *wayland)
{
    if (!wayland)
        return;
    window_wayland_forget(wayland);
    for (int i = 0; i < OUTPUTS_MAX; i++)
        forget(&wayland->outputs[i]);
    if (wayland->presentation)
        wl_proxy_destroy(wayland->presentation);
    if (wayland->registry)
        wl_registry_destroy(wayland->registry);
    if (wayland->queue)
        wl_event_queue_destroy(wayland->queue);
    free(wayland);
}

/* Odd transforms turn by 90 or 270 degrees. */
static void measure(const struct output *output, int *width, int *height)
{
    bool turned = output->transform & 1;

    *width = (turned ? output->height : output->width) / output->scale;
    *height = (turned ? output->width : output->height) / output->scale;
}

void window_wayland_read(struct window_wayland *wayland,
                         struct window_wayland_news *news)
{
    news->any |= wl_display_dispatch_queue_pending(wayland->display,
                                                   wayland->queue) > 0;
    news->lost |= wayland->lost;
    wayland->lost = false;
}

bool window_wayland_output(const struct window_wayland *wayland,
                           int window_width, int window_height, int *width,
                           int *height)
{
    bool any = false;

    for (int i = 0; i < OUTPUTS_MAX; i++) {
        const struct output *output = &wayland->outputs[i];
        int own_width, own_height;
        if (!output->proxy || !output->complete)
            continue;
        measure(output, &own_width, &own_height);
        bool filled = own_width == window_width && own_height == window_height;
        if (!any || filled) {
            *width = own_width;
            *height = own_height;
        }
        any = true;
        if (filled)
            break;
    }
    return any;
}

static void on_sync_output(void *data, struct wl_proxy *feedback,
                           struct wl_output *output)
{
    (void)data, (void)feedback, (void)output;
}

static void on_presented(void *data, struct wl_proxy *feedback, uint32_t high,
                         uint32_t low, uint32_t ns, uint32_t refresh,
                         uint32_t sequence_high, uint32_t sequence_low,
                         uint32_t flags)
{
    struct window_wayland *wayland = data;

    (void)feedback, (void)high, (void)low, (void)ns, (void)refresh;
    (void)sequence_high, (void)sequence_low, (void)flags;
    window_wayland_forget(wayland);
    wayland->due_ms = 0;
}

static void on_discarded(void *data, struct wl_proxy *feedback)
{
    struct window_wayland *wayland = data;

    (void)feedback;
    wayland->lost = true;
}

static void on_drawn(void *data, struct wl_callback *callback, uint32_t time)
{
    struct window_wayland *wayland = data;

    (void)callback, (void)time;
    wl_callback_destroy(wayland->drawn);
    wayland->drawn = NULL;
    /* A compositor has often drawn a frame long before its output shows it. It
     * draws the same again when its output has taken the first. */
    if (!wayland->feedback || wayland->repeats)
        wayland->due_ms = clock_monotonic_ms() + WINDOW_SETTLE_MS;
    else
        wayland->repeat_ms = clock_monotonic_ms() + WINDOW_SETTLE_MS;
}

static const struct {
    void (*sync_output)(void *, struct wl_proxy *, struct wl_output *);
    void (*presented)(void *, struct wl_proxy *, uint32_t, uint32_t, uint32_t,
                      uint32_t, uint32_t, uint32_t, uint32_t);
    void (*discarded)(void *, struct wl_proxy *);
} feedback_listener = {on_sync_output, on_presented, on_discarded};

void window_wayland_expect(struct window_wayland *wayland,
                           struct wl_surface *surface, bool repeats)
{
    static const struct wl_callback_listener listener = {on_drawn};

    window_wayland_forget(wayland);
    wayland->repeats = repeats;
    if (wayland->presentation)
        wayland->feedback = wl_proxy_marshal_constructor(
            wayland->presentation, PRESENTATION_FEEDBACK, &feedback_interface,
            surface, NULL);
    if (wayland->feedback)
        wl_proxy_add_listener(wayland->feedback,
                              (void (**)(void))(void *)&feedback_listener,
                              wayland);
    wayland->drawn = wl_surface_frame(surface);
    if (wayland->drawn)
        wl_callback_add_listener(wayland->drawn, &listener, wayland);
}

void window_wayland_forget(struct window_wayland *wayland)
{
    if (wayland->feedback)
        wl_proxy_destroy(wayland->feedback);
    if (wayland->drawn)
        wl_callback_destroy(wayland->drawn);
    wayland->feedback = NULL;
    wayland->drawn = NULL;
    wayland->due_ms = wayland->repeat_ms = INT64_MAX;
    wayland->repeats = wayland->lost = false;
}

int64_t window_wayland_due_ms(const struct window_wayland *wayland)
{
    return wayland->due_ms;
}

int64_t window_wayland_repeat_ms(const struct window_wayland *wayland)
{
    return wayland->repeat_ms;
}
