/* Watches the window and the screen with the X protocol. If something changes
 * between two answers, they may contradict each other. Then an event follows,
 * and window.c asks again. */
#include "display/edge/render/window_x11.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <xcb/randr.h>
#include <xcb/xcb.h>
#include <xcb/xcbext.h>

enum {
    WINDOW_EVENTS = XCB_EVENT_MASK_STRUCTURE_NOTIFY |
                    XCB_EVENT_MASK_VISIBILITY_CHANGE | XCB_EVENT_MASK_EXPOSURE,
    ROOT_EVENTS = XCB_EVENT_MASK_STRUCTURE_NOTIFY |
                  XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY,
    OUTPUTS_MAX = 16,
    /* A window manager puts a window into one or two frames. */
    PARENTS_MAX = 8,
    STATE_ADD = 1,          /* values of _NET_WM_STATE */
    SOURCE_APPLICATION = 1, /* of the Extended Window Manager Hints */
    EVENT_TYPE = 0x7F,      /* without the bit of an event that was sent */
};

struct window_x11 {
    xcb_connection_t *server;
    xcb_window_t root, window; /* window 0: none is watched */
    uint32_t client_bits;      /* bits of an id that identify the client */
    bool has_outputs;          /* RandR 1.5 */
    bool nested;
    xcb_atom_t state, fullscreen, activate;
};

struct outputs {
    struct rect rects[OUTPUTS_MAX];
    int count;
    int primary;
    bool known; /* false: the server knows no outputs */
};

static xcb_atom_t find_atom(struct window_x11 *x11, const char *name)
{
    xcb_intern_atom_reply_t *reply = xcb_intern_atom_reply(
        x11->server,
        xcb_intern_atom(x11->server, 0, (uint16_t)strlen(name), name), NULL);
    xcb_atom_t atom = reply ? reply->atom : XCB_ATOM_NONE;

    free(reply);
    return atom;
}

static void follow_outputs(struct window_x11 *x11)
{
    const xcb_query_extension_reply_t *randr =
        xcb_get_extension_data(x11->server, &xcb_randr_id);

    if (!randr || !randr->present)
        return;
    xcb_randr_query_version_reply_t *version = xcb_randr_query_version_reply(
        x11->server, xcb_randr_query_version(x11->server, 1, 5), NULL);
    x11->has_outputs = version && (version->major_version > 1 ||
                                   (version->major_version == 1 &&
                                    version->minor_version >= 5));
    free(version);
    xcb_randr_select_input(x11->server, x11->root,
                           XCB_RANDR_NOTIFY_MASK_SCREEN_CHANGE |
                               XCB_RANDR_NOTIFY_MASK_CRTC_CHANGE |
                               XCB_RANDR_NOTIFY_MASK_OUTPUT_CHANGE);
}

/* Xwayland has an extension of its own since 23.1; before, it is told by the
 * desktop, which names its compositor to programs as well. */
static bool is_xwayland(struct window_x11 *x11)
{
    const char name[] = "XWAYLAND";
    const char *compositor = getenv("WAYLAND_DISPLAY");
    xcb_query_extension_reply_t *reply = xcb_query_extension_reply(
        x11->server, xcb_query_extension(x11->server, strlen(name), name),
        NULL);
    bool present = reply && reply->present;

    free(reply);
    return present || (compositor && compositor[0]);
}

static bool start(struct window_x11 *x11)
{
    const uint32_t events = ROOT_EVENTS;
    int number = 0;

    x11->server = xcb_connect(NULL, &number);
    if (xcb_connection_has_error(x11->server))
        return false;
    const xcb_setup_t *setup = xcb_get_setup(x11->server);
    xcb_screen_iterator_t screens = xcb_setup_roots_iterator(setup);
    for (; number > 0 && screens.rem > 1; number--)
        xcb_screen_next(&screens);
    x11->root = screens.data->root;
    x11->client_bits = 0x1FFFFFFF & ~setup->resource_id_mask;
    x11->state = find_atom(x11, "_NET_WM_STATE");
    x11->fullscreen = find_atom(x11, "_NET_WM_STATE_FULLSCREEN");
    x11->activate = find_atom(x11, "_NET_ACTIVE_WINDOW");
    xcb_change_window_attributes(x11->server, x11->root, XCB_CW_EVENT_MASK,
                                 &events);
    follow_outputs(x11);
    x11->nested = is_xwayland(x11);
    return !xcb_connection_has_error(x11->server);
}

struct window_x11 *window_x11_create(struct problem *problem)
{
    struct window_x11 *x11 = calloc(1, sizeof *x11);

    if (x11 && start(x11))
        return x11;
    window_x11_destroy(x11);
    problem_set(problem, PROBLEM_SYSTEM, "no connection to the X server");
    return NULL;
}

void window_x11_destroy(struct window_x11 *x11)
{
    if (!x11)
        return;
    if (x11->server)
        xcb_disconnect(x11->server);
    free(x11);
}

int window_x11_fd(const struct window_x11 *x11)
{
    return xcb_get_file_descriptor(x11->server);
}

void window_x11_follow(struct window_x11 *x11, uint32_t id)
{
    const uint32_t events = WINDOW_EVENTS;

    x11->window = id;
    xcb_change_window_attributes(x11->server, id, XCB_CW_EVENT_MASK, &events);
    xcb_flush(x11->server);
}

static bool find_geometry(struct window_x11 *x11, xcb_window_t window,
                          struct rect *out)
{
    xcb_get_geometry_reply_t *reply = xcb_get_geometry_reply(
        x11->server, xcb_get_geometry(x11->server, window), NULL);

    if (!reply)
        return false;
    *out = (struct rect){reply->x + reply->border_width,
                         reply->y + reply->border_width, reply->width,
                         reply->height};
    free(reply);
    return true;
}

static void add_output(struct outputs *outputs,
                       const xcb_randr_monitor_info_t *info)
{
    struct rect rect = {info->x, info->y, info->width, info->height};

    if (rect_is_empty(rect) || outputs->count == OUTPUTS_MAX)
        return;
    if (info->primary)
        outputs->primary = outputs->count;
    outputs->rects[outputs->count++] = rect;
}

/* A server without outputs has none that is off. */
static bool lists_outputs(struct window_x11 *x11)
{
    xcb_randr_get_screen_resources_current_reply_t *reply =
        xcb_randr_get_screen_resources_current_reply(
            x11->server,
            xcb_randr_get_screen_resources_current(x11->server, x11->root),
            NULL);
    bool any = reply && reply->num_outputs > 0;

    free(reply);
    return any;
}

static struct outputs find_outputs(struct window_x11 *x11)
{
    struct outputs outputs = {0};

    if (x11->has_outputs) {
        xcb_randr_get_monitors_reply_t *reply = xcb_randr_get_monitors_reply(
            x11->server, xcb_randr_get_monitors(x11->server, x11->root, 1),
            NULL);
        xcb_randr_monitor_info_iterator_t each = {0};
        if (reply)
            each = xcb_randr_get_monitors_monitors_iterator(reply);
        for (; each.rem > 0; xcb_randr_monitor_info_next(&each))
            add_output(&outputs, each.data);
        free(reply);
        outputs.known = outputs.count > 0 || lists_outputs(x11);
    }
    if (!outputs.known && find_geometry(x11, x11->root, &outputs.rects[0]))
        outputs.count = 1;
    return outputs;
}

struct rect window_x11_output(struct window_x11 *x11)
{
    struct outputs outputs = find_outputs(x11);

    return outputs.count > 0 ? outputs.rects[outputs.primary]
                             : (struct rect){0, 0, 0, 0};
}

/* Events of the window itself after which its pixels may be missing. */
static bool loses_pixels(uint8_t type)
{
    return type == XCB_EXPOSE || type == XCB_MAP_NOTIFY ||
           type == XCB_UNMAP_NOTIFY || type == XCB_CONFIGURE_NOTIFY ||
           type == XCB_REPARENT_NOTIFY || type == XCB_VISIBILITY_NOTIFY;
}

/* The window of an event: the second one in structure events, the first one in
 * exposures and visibility. */
static xcb_window_t find_subject(const xcb_generic_event_t *event, uint8_t type)
{
    switch (type) {
    case XCB_EXPOSE:
        return ((const xcb_expose_event_t *)event)->window;
    case XCB_VISIBILITY_NOTIFY:
        return ((const xcb_visibility_notify_event_t *)event)->window;
    case XCB_DESTROY_NOTIFY:
    case XCB_MAP_NOTIFY:
    case XCB_UNMAP_NOTIFY:
    case XCB_CONFIGURE_NOTIFY:
    case XCB_REPARENT_NOTIFY:
        return ((const xcb_map_notify_event_t *)event)->window;
    default:
        return XCB_NONE;
    }
}

static void take_event(const struct window_x11 *x11,
                       const xcb_generic_event_t *event,
                       struct window_x11_news *news)
{
    uint8_t type = event->response_type & EVENT_TYPE;
    bool own = x11->window && find_subject(event, type) == x11->window;

    if (type == 0) /* an error: the window is already gone */
        return;
    news->any = true;
    news->lost |= own && loses_pixels(type);
    news->gone |= own && type == XCB_DESTROY_NOTIFY;
}

void window_x11_read(struct window_x11 *x11, struct window_x11_news *news)
{
    xcb_generic_event_t *event;

    while ((event = xcb_poll_for_event(x11->server))) {
        take_event(x11, event, news);
        free(event);
    }
    news->cut |= xcb_connection_has_error(x11->server) != 0;
}

static bool is_viewable(struct window_x11 *x11, xcb_window_t window)
{
    xcb_get_window_attributes_reply_t *reply = xcb_get_window_attributes_reply(
        x11->server, xcb_get_window_attributes(x11->server, window), NULL);
    bool viewable = reply && reply->map_state == XCB_MAP_STATE_VIEWABLE &&
                    reply->_class == XCB_WINDOW_CLASS_INPUT_OUTPUT;

    free(reply);
    return viewable;
}

/* A window that the server itself made, such as the topmost one into which a
 * compositing manager draws. It hides nothing. */
static bool is_servers_own(const struct window_x11 *x11, xcb_window_t window)
{
    return (window & x11->client_bits) == 0;
}

/* place: the parent's place on the screen. */
static bool lies_over(struct window_x11 *x11, xcb_window_t window,
                      struct rect place, struct rect glass)
{
    struct rect own;

    if (is_servers_own(x11, window) || !is_viewable(x11, window) ||
        !find_geometry(x11, window, &own))
        return false;
    own.x += place.x;
    own.y += place.y;
    return !rect_is_empty(rect_intersect(own, glass));
}

/* The place of a window's corner on the screen. */
static struct rect find_place(struct window_x11 *x11, xcb_window_t window)
{
    struct rect place = {0, 0, 0, 0};
    xcb_translate_coordinates_reply_t *reply = xcb_translate_coordinates_reply(
        x11->server,
        xcb_translate_coordinates(x11->server, window, x11->root, 0, 0), NULL);

    if (reply && find_geometry(x11, window, &place)) {
        place.x = reply->dst_x;
        place.y = reply->dst_y;
    }
    free(reply);
    return place;
}

/* Siblings are listed from the lowest to the highest. */
static bool has_sibling_above(struct window_x11 *x11, xcb_window_t parent,
                              xcb_window_t window, struct rect glass)
{
    xcb_query_tree_reply_t *tree = xcb_query_tree_reply(
        x11->server, xcb_query_tree(x11->server, parent), NULL);
    bool above = false, found = false;

    if (!tree)
        return false;
    struct rect place = find_place(x11, parent);
    const xcb_window_t *each = xcb_query_tree_children(tree);
    for (int i = 0; i < xcb_query_tree_children_length(tree) && !found; i++) {
        if (above)
            found = lies_over(x11, each[i], place, glass);
        above |= each[i] == window;
    }
    free(tree);
    return found;
}

static bool is_overlapped(struct window_x11 *x11, struct rect glass)
{
    xcb_window_t window = x11->window;

    for (int i = 0; i < PARENTS_MAX && window != x11->root; i++) {
        xcb_query_tree_reply_t *tree = xcb_query_tree_reply(
            x11->server, xcb_query_tree(x11->server, window), NULL);
        xcb_window_t parent = tree ? tree->parent : XCB_NONE;
        free(tree);
        if (parent == XCB_NONE)
            return false;
        if (has_sibling_above(x11, parent, window, glass))
            return true;
        window = parent;
    }
    return false;
}

/* Whether the whole area is on the outputs together. */
static bool is_within(struct rect area, const struct rect *outputs, int count)
{
    if (rect_is_empty(area))
        return true;
    if (count == 0)
        return false;
    struct rect in = rect_intersect(area, *outputs);
    if (rect_is_empty(in))
        return is_within(area, outputs + 1, count - 1);
    int right = in.x + in.width, bottom = in.y + in.height;
    const struct rect rest[] = {
        {area.x, area.y, area.width, in.y - area.y},
        {area.x, bottom, area.width, area.y + area.height - bottom},
        {area.x, in.y, in.x - area.x, in.height},
        {right, in.y, area.x + area.width - right, in.height},
    };
    for (int i = 0; i < 4; i++) {
        if (!is_within(rest[i], outputs + 1, count - 1))
            return false;
    }
    return true;
}

/* The largest part of the window on one output. */
static struct rect find_lit(struct rect window, const struct outputs *outputs)
{
    struct rect lit = {0, 0, 0, 0};

    for (int i = 0; i < outputs->count; i++) {
        struct rect part = rect_intersect(window, outputs->rects[i]);
        if (!rect_is_empty(part) &&
            part.width * part.height > lit.width * lit.height)
            lit = part;
    }
    return lit;
}

static bool rect_equals(struct rect a, struct rect b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static enum window_cover_state find_state(struct window_x11 *x11,
                                          const struct outputs *outputs,
                                          struct rect window, struct rect glass)
{
    if (outputs->count == 0)
        return WINDOW_NO_OUTPUT;
    if (rect_is_empty(window) || !is_viewable(x11, x11->window))
        return WINDOW_UNMAPPED;
    if (!rect_equals(window, glass) ||
        !is_within(window, outputs->rects, outputs->count))
        return WINDOW_MISPLACED;
    return is_overlapped(x11, glass) ? WINDOW_OVERLAPPED : WINDOW_COVERED;
}

struct window_cover window_x11_cover(struct window_x11 *x11, bool fullscreen)
{
    struct outputs outputs = find_outputs(x11);
    struct rect window = find_place(x11, x11->window);
    struct rect glass = fullscreen ? outputs.rects[outputs.primary] : window;
    struct rect seen = fullscreen ? rect_intersect(window, glass)
                                  : find_lit(window, &outputs);
    struct window_cover cover = {
        .state = find_state(x11, &outputs, window, glass),
        .width_px = window.width,
        .height_px = window.height,
        .glass_width_px = glass.width,
        .glass_height_px = glass.height,
    };

    if (cover.state != WINDOW_UNMAPPED) {
        cover.seen_width_px = seen.width;
        cover.seen_height_px = seen.height;
    }
    return cover;
}

static void ask_manager(struct window_x11 *x11, xcb_atom_t type, uint32_t first,
                        uint32_t second)
{
    const xcb_client_message_event_t event = {
        .response_type = XCB_CLIENT_MESSAGE,
        .format = 32,
        .window = x11->window,
        .type = type,
        .data.data32 = {first, second, 0, SOURCE_APPLICATION, 0},
    };

    xcb_send_event(x11->server, 0, x11->root,
                   XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY |
                       XCB_EVENT_MASK_SUBSTRUCTURE_REDIRECT,
                   (const char *)&event);
}

void window_x11_place(struct window_x11 *x11, struct rect place)
{
    const uint32_t values[] = {(uint32_t)place.x, (uint32_t)place.y,
                               (uint32_t)place.width, (uint32_t)place.height,
                               XCB_STACK_MODE_ABOVE};

    xcb_map_window(x11->server, x11->window);
    if (window_x11_is_managed(x11)) {
        ask_manager(x11, x11->activate, SOURCE_APPLICATION, XCB_CURRENT_TIME);
        ask_manager(x11, x11->state, STATE_ADD, x11->fullscreen);
    }
    xcb_configure_window(
        x11->server, x11->window,
        XCB_CONFIG_WINDOW_X | XCB_CONFIG_WINDOW_Y | XCB_CONFIG_WINDOW_WIDTH |
            XCB_CONFIG_WINDOW_HEIGHT | XCB_CONFIG_WINDOW_STACK_MODE,
        values);
    xcb_flush(x11->server);
}

/* The present content stays. */
void window_x11_set_ground(struct window_x11 *x11, uint32_t colour)
{
    const uint32_t values[] = {colour, XCB_GRAVITY_NORTH_WEST};

    xcb_change_window_attributes(x11->server, x11->window,
                                 XCB_CW_BACK_PIXEL | XCB_CW_BIT_GRAVITY,
                                 values);
    xcb_flush(x11->server);
}

/* The protocol of the X server's extension DPMS, which has no library here. */
enum dpms_request {
    DPMS_SET_TIMEOUTS = 3,
    DPMS_ENABLE = 4,
    DPMS_DISABLE = 5,
    DPMS_FORCE_LEVEL = 6,
};
enum { DPMS_ON = 0, DPMS_OFF = 3 };

static xcb_extension_t dpms_id = {"DPMS", 0};

/* words: two levels or time-outs in each. */
static void send_dpms(struct window_x11 *x11, enum dpms_request request,
                      const uint32_t *words, size_t count)
{
    enum { WORDS_MAX = 2, WORD = sizeof(uint32_t) };
    uint32_t bytes[1 + WORDS_MAX] = {0};
    struct iovec parts[] = {{0},
                            {0}, /* for xcb_send_request itself */
                            {.iov_base = bytes, .iov_len = (1 + count) * WORD}};
    const xcb_protocol_request_t protocol = {
        .count = 1, .ext = &dpms_id, .opcode = (uint8_t)request, .isvoid = 1};

    if (count > 0)
        memcpy(bytes + 1, words, count * WORD);
    xcb_send_request(x11->server, 0, parts + 2, &protocol);
}

/* DPMS must be enabled to switch off. Without time-outs the server does not
 * switch anything off by itself; afterwards DPMS is disabled again. */
void window_x11_set_lit(struct window_x11 *x11, bool lit)
{
    const xcb_query_extension_reply_t *dpms =
        xcb_get_extension_data(x11->server, &dpms_id);
    const uint32_t never[] = {0, 0}, on = DPMS_ON, off = DPMS_OFF;

    if (!dpms || !dpms->present)
        return;
    send_dpms(x11, DPMS_SET_TIMEOUTS, never, 2);
    send_dpms(x11, DPMS_ENABLE, NULL, 0);
    send_dpms(x11, DPMS_FORCE_LEVEL, lit ? &on : &off, 1);
    if (lit)
        send_dpms(x11, DPMS_DISABLE, NULL, 0);
    xcb_flush(x11->server);
}

bool window_x11_is_managed(struct window_x11 *x11)
{
    xcb_get_window_attributes_reply_t *reply = xcb_get_window_attributes_reply(
        x11->server, xcb_get_window_attributes(x11->server, x11->root), NULL);
    bool managed = reply && (reply->all_event_masks &
                             XCB_EVENT_MASK_SUBSTRUCTURE_REDIRECT);

    free(reply);
    return managed;
}

bool window_x11_is_nested(const struct window_x11 *x11)
{
    return x11->nested;
}
