/* Opens a window that is really visible, and presents damaged rectangles: on
 * X11 through the window's surface (shared memory, 0.4 ms a frame at 1080p
 * against 9 ms through OpenGL), in whose memory frames are made; on drivers
 * without a surface through one streaming texture. */
#include "display/edge/render/window.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_WAYLAND
#include <wayland-client.h>
#endif

#include "base/clock.h"
#include "base/log.h"
#include "base/translate.h"
#include "display/edge/render/outputs_drm.h"
#ifdef HAVE_WAYLAND
#include "display/edge/render/window_wayland.h"
#endif
#include "display/edge/render/window_x11.h"

enum {
    /* First a window manager gets this time to place the window. */
    MEND_FIRST_MS = 250,
    MEND_MAX_MS = 5000,
    /* Attempts to move and raise the window before it is made anew. */
    MEND_GENTLY = 4,
    /* The most queries in a row while events keep arriving. */
    LOOKS_MAX = 4,
};

struct window {
    struct window_options options;
    SDL_Window *window;     /* NULL: closed while there is no output */
    SDL_Renderer *renderer; /* NULL: the window's surface is used */
    SDL_Texture *texture;
    int texture_width, texture_height;
    int put_width, put_height; /* size of the pixels presented last */
    uint32_t ground; /* colour that the X server fills with; 0: not set */
    int fd;
    bool fullscreen; /* may change by a key */

    struct window_x11 *x11; /* NULL: not this system */
#ifdef HAVE_WAYLAND
    struct window_wayland *wayland; /* NULL: not this system */
    struct wl_surface *surface;     /* likewise */
#endif
    struct window_cover cover;
    int64_t covered_ms; /* monotonic time since which it is covered; INT64_MAX:
                           it is not */
    int64_t mend_ms;    /* monotonic, of the next attempt; INT64_MAX: none */
    int mends;          /* attempts since it was covered */
    int64_t settled_ms; /* of the last frame through Xwayland; 0: others */
    bool asked;         /* whether it is on the glass, before it is */
    bool known;         /* the cover is known */
    bool told;          /* it was logged that the glass is not covered */
    bool off;           /* taken off while there is no output */
    /* with another size, perhaps; not yet returned as an event */
    bool reopened;
    /* pixels of the window were lost; not yet returned as an event */
    bool lost;
    bool discarded;        /* the last frame never came to the glass */
    bool gone;             /* another client destroyed the window */
    bool again;            /* an event arrived since the last query */
    struct window_key key; /* pressed last */
};

/* SDL falls back to the driver «offscreen», which shows nothing. So the driver
 * is named, and checked afterwards. */
static const char *choose_driver(bool fullscreen)
{
    const char *wayland = getenv("WAYLAND_DISPLAY");
    const char *x11 = getenv("DISPLAY");

    if (x11 && x11[0])
        return "x11";
    if (wayland && wayland[0])
        return "wayland";
    return fullscreen ? "kmsdrm" : NULL;
}

/* When the X server ends, Xlib prints a line and ends the program. This handler
 * logs the consequence instead. It must not return. */
static int on_server_lost(Display *x)
{
    (void)x;
    log_write(LOG_ERROR, "window: the X server is gone; ends, so that the "
                         "service manager starts it again");
    _exit(EXIT_FAILURE);
}

/* Without a handler Xlib ends the program at any error. An error occurs when
 * another client destroys the window, which is then made anew. */
static int on_error(Display *x, XErrorEvent *error)
{
    (void)x;
    log_write(LOG_DEBUG, "window: the X server refused request %d: error %d",
              error->request_code, error->error_code);
    return 0;
}

/* SDL loads Xlib at run time, so its functions are taken from there. */
static void watch_server(void)
{
    typedef int io_handler(Display *);
    io_handler *(*set_io_handler)(io_handler *) = NULL;
    typedef int handler(Display *, XErrorEvent *);
    handler *(*set_handler)(handler *) = NULL;
    void *xlib = dlopen("libX11.so.6", RTLD_LAZY | RTLD_NOLOAD);

    if (!xlib)
        return;
    *(void **)&set_io_handler = dlsym(xlib, "XSetIOErrorHandler");
    *(void **)&set_handler = dlsym(xlib, "XSetErrorHandler");
    if (set_io_handler)
        set_io_handler(on_server_lost);
    if (set_handler)
        set_handler(on_error);
    dlclose(xlib);
}

static bool start_video(const char *driver, struct problem *problem)
{
    /* The loop handles signals, and screens must not blank. */
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
    SDL_SetHint(SDL_HINT_VIDEODRIVER, driver);
    /* Leaves the keyboard to the console, because a getty may use it. */
    setenv("SDL_INPUT_LINUX_KEEP_KBD", "1", 0);
    /* Nobody writes text here: Xlib need not read its table of key sequences,
     * which takes 15 ms at every start. */
    if (strcmp(driver, "x11") == 0)
        setenv("XCOMPOSEFILE", "/dev/null", 0);
    if (SDL_Init(SDL_INIT_VIDEO) != 0)
        return problem_set(problem, PROBLEM_SYSTEM, "video driver %s: %s",
                           driver, SDL_GetError());
    const char *got = SDL_GetCurrentVideoDriver();
    if (got && strcmp(got, "x11") == 0)
        watch_server();
    if (got && SDL_strcasecmp(got, driver) == 0)
        return true;
    return problem_set(problem, PROBLEM_SYSTEM,
                       "asked for the video driver %s, got %s", driver,
                       got ? got : tr("none"));
}

/* The first place and size of a window. SDL leaves the size of a full screen to
 * a window manager; without one the window would keep its first size. */
static SDL_Rect find_first_place(const struct window *window)
{
    SDL_Rect place = {SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED,
                      window->options.width_px, window->options.height_px};
    struct rect output;

    if (!window->fullscreen)
        return place;
    if (window->x11) {
        output = window_x11_output(window->x11);
        if (!rect_is_empty(output))
            return (SDL_Rect){output.x, output.y, output.width, output.height};
    }
    SDL_GetDisplayBounds(0, &place);
    return place;
}

static bool open_window(struct window *window, struct problem *problem)
{
    Uint32 flags = window->fullscreen
                       ? SDL_WINDOW_FULLSCREEN_DESKTOP | SDL_WINDOW_BORDERLESS
                       : 0;
    SDL_Rect place = find_first_place(window);

    /* A compositor that scales takes all pixels of its output. */
    if (!window->x11)
        flags |= SDL_WINDOW_ALLOW_HIGHDPI;
    window->window = SDL_CreateWindow(window->options.title, place.x, place.y,
                                      place.w, place.h,
                                      flags | SDL_WINDOW_RESIZABLE);
    if (!window->window)
        return problem_set(problem, PROBLEM_SYSTEM, "no window: %s",
                           SDL_GetError());
    if (window->x11)
        return true;
    window->renderer = SDL_CreateRenderer(window->window, -1,
                                          SDL_RENDERER_PRESENTVSYNC);
    return window->renderer || problem_set(problem, PROBLEM_SYSTEM,
                                           "no renderer: %s", SDL_GetError());
}

#ifdef HAVE_WAYLAND
static void forget_frame(struct window *window)
{
    if (window->wayland)
        window_wayland_forget(window->wayland);
}

/* The compositor tells when the next frame is on the glass. */
static void expect_frame(struct window *window, bool repeats)
{
    window->discarded = false;
    if (window->wayland)
        window_wayland_expect(window->wayland, window->surface, repeats);
}

/* The monotonic time from which the last frame is to be presented again. */
static int64_t frame_repeat_ms(const struct window *window)
{
    return window->wayland ? window_wayland_repeat_ms(window->wayland)
                           : INT64_MAX;
}

/* The monotonic time from which the last frame is on the glass. */
static int64_t frame_due_ms(const struct window *window)
{
    return window->wayland ? window_wayland_due_ms(window->wayland)
                           : window->settled_ms;
}

/* The compositor forgets that there is a window, until it is made anew. */
static void take_off(struct window *window)
{
    if (!window->wayland)
        return;
    wl_surface_attach(window->surface, NULL, 0, 0);
    wl_surface_commit(window->surface);
}

/* SDL has no event for an output that changes or a frame that is shown. */
static void hear_compositor(struct window *window)
{
    struct window_wayland_news news = {0};

    if (!window->wayland)
        return;
    window_wayland_read(window->wayland, &news);
    window->again |= news.any;
    window->discarded |= news.lost;
}
#else
static void forget_frame(struct window *window)
{
    (void)window;
}

static void expect_frame(struct window *window, bool repeats)
{
    (void)window, (void)repeats;
}

static int64_t frame_repeat_ms(const struct window *window)
{
    (void)window;
    return INT64_MAX;
}

static int64_t frame_due_ms(const struct window *window)
{
    return window->settled_ms;
}

static void take_off(struct window *window)
{
    (void)window;
}

static void hear_compositor(struct window *window)
{
    (void)window;
}
#endif

static void close_window(struct window *window)
{
    forget_frame(window);
    SDL_DestroyTexture(window->texture);
    SDL_DestroyRenderer(window->renderer);
    if (window->window)
        SDL_DestroyWindow(window->window);
    window->texture = NULL;
    window->renderer = NULL;
    window->window = NULL;
    window->put_width = window->put_height = 0;
    window->ground = 0;
}

/* The connection to the window system, for poll. */
static int find_fd(struct window *window)
{
    SDL_SysWMinfo info;

    SDL_VERSION(&info.version);
    if (!SDL_GetWindowWMInfo(window->window, &info))
        return -1;
    if (info.subsystem == SDL_SYSWM_X11) {
        window_x11_follow(window->x11, (uint32_t)info.info.x11.window);
        return ConnectionNumber(info.info.x11.display);
    }
#ifdef HAVE_WAYLAND
    if (info.subsystem == SDL_SYSWM_WAYLAND) {
        window->surface = info.info.wl.surface;
        if (!window->wayland)
            window->wayland = window_wayland_create(info.info.wl.display);
        return wl_display_get_fd(info.info.wl.display);
    }
#endif
    return -1;
}

static bool try_window(const struct window_options *options, const char *driver,
                       struct window **out, struct problem *problem)
{
    struct window *window = calloc(1, sizeof *window);

    if (!window)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    window->options = *options;
    window->fullscreen = options->fullscreen;
    window->covered_ms = window->mend_ms = INT64_MAX;
    if (!start_video(driver, problem) ||
        (strcmp(driver, "x11") == 0 &&
         !(window->x11 = window_x11_create(problem))) ||
        !open_window(window, problem)) {
        window_destroy(window);
        return false;
    }
    window->fd = find_fd(window);
    SDL_ShowCursor(options->fullscreen ? SDL_DISABLE : SDL_ENABLE);
    *out = window;
    return true;
}

/* Mesa can draw in software, which is slower but needs the card's driver only
 * to show frames. If that fails, the card is used. */
static bool try_without_card(const struct window_options *options,
                             const char *driver, struct window **out)
{
    struct problem why = {0};

    setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
    if (try_window(options, driver, out, &why))
        return true;
    unsetenv("LIBGL_ALWAYS_SOFTWARE");
    log_problem(LOG_WARNING, tr("window without the graphics card"), &why);
    return false;
}

bool window_create(const struct window_options *options, struct window **out,
                   struct problem *problem)
{
    const char *driver = choose_driver(options->fullscreen);

    if (!driver)
        return problem_set(problem, PROBLEM_SYSTEM,
                           "no desktop here (neither DISPLAY nor "
                           "WAYLAND_DISPLAY is set); say --fullscreen on a "
                           "board, or --headless");
    return (options->safe && try_without_card(options, driver, out)) ||
           try_window(options, driver, out, problem);
}

void window_destroy(struct window *window)
{
    if (!window)
        return;
    close_window(window);
    window_x11_destroy(window->x11);
#ifdef HAVE_WAYLAND
    window_wayland_destroy(window->wayland);
#endif
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
    free(window);
}

void window_size(const struct window *window, int *width_px, int *height_px)
{
    if (window->renderer &&
        SDL_GetRendererOutputSize(window->renderer, width_px, height_px) == 0)
        return;
    SDL_GetWindowSize(window->window, width_px, height_px);
}

const char *window_driver(const struct window *window)
{
    const char *driver = SDL_GetCurrentVideoDriver();

    (void)window;
    return driver ? driver : "none";
}

int window_fd(const struct window *window)
{
    return window->fd;
}

int window_tend_fd(const struct window *window)
{
    return window->x11 ? window_x11_fd(window->x11) : -1;
}

void window_cover_format(const struct window_cover *cover,
                         char out[WINDOW_COVER_TEXT_BYTES])
{
    static const char *const reasons[] = {
        [WINDOW_COVERED] = "",
        [WINDOW_NO_OUTPUT] = N_(", no output is on"),
        [WINDOW_UNMAPPED] = N_(", the window is minimised or hidden"),
        [WINDOW_MISPLACED] = "",
        [WINDOW_OVERLAPPED] = N_(", another window lies on top"),
        [WINDOW_UNSTEADY] = N_(", it keeps changing"),
    };

    snprintf(out, WINDOW_COVER_TEXT_BYTES, tr("%dx%d of %dx%d%s"),
             cover->seen_width_px, cover->seen_height_px, cover->glass_width_px,
             cover->glass_height_px, tr(reasons[cover->state]));
}

const struct window_cover *window_cover(const struct window *window)
{
    return &window->cover;
}

/* The size of the output in units of the window's size; false: there is none.
 */
static bool find_output(const struct window *window, int window_width,
                        int window_height, SDL_Rect *out)
{
#ifdef HAVE_WAYLAND
    if (window->wayland)
        return window_wayland_output(window->wayland, window_width,
                                     window_height, &out->w, &out->h);
#endif
    (void)window_width, (void)window_height;
    int display = SDL_GetWindowDisplayIndex(window->window);
    return display >= 0 && SDL_GetDisplayBounds(display, out) == 0;
}

/* Wayland and KMSDRM report only the size of the window and of the output. */
static struct window_cover cover_by_size(const struct window *window)
{
    Uint32 flags = SDL_GetWindowFlags(window->window);
    struct window_cover cover = {.state = WINDOW_COVERED};
    SDL_Rect bounds = {0, 0, 0, 0};
    int width, height;

    SDL_GetWindowSize(window->window, &width, &height);
    window_size(window, &cover.width_px, &cover.height_px);
    cover.seen_width_px = cover.glass_width_px = width;
    cover.seen_height_px = cover.glass_height_px = height;
    if (window->off || !find_output(window, width, height, &bounds))
        cover.state = WINDOW_NO_OUTPUT;
    else if (flags & (SDL_WINDOW_HIDDEN | SDL_WINDOW_MINIMIZED))
        cover.state = WINDOW_UNMAPPED;
    else if (window->fullscreen && (width < bounds.w || height < bounds.h))
        cover.state = WINDOW_MISPLACED;
    if (window->fullscreen) {
        cover.glass_width_px = bounds.w;
        cover.glass_height_px = bounds.h;
    }
    return cover;
}

static void take_news(struct window *window, bool *any)
{
    struct window_x11_news news = {0};

    window_x11_read(window->x11, &news);
    if (news.cut)
        on_server_lost(NULL);
    window->lost |= news.lost;
    window->gone |= news.gone;
    *any |= news.any;
}

/* Repeats the query while events arrive during it. */
static struct window_cover look_at_x11(struct window *window)
{
    struct window_cover cover;
    bool any = true;

    for (int i = 0; i < LOOKS_MAX && any; i++) {
        any = false;
        cover = window_x11_cover(window->x11, window->fullscreen);
        take_news(window, &any);
    }
    window->again = any;
    if (any)
        cover.state = WINDOW_UNSTEADY;
    return cover;
}

static void tell_uncovered(struct window *window)
{
    char text[WINDOW_COVER_TEXT_BYTES];

    window_cover_format(&window->cover, text);
    log_write(LOG_WARNING,
              "glass: %s; nothing is reported as shown until it is covered",
              text);
    window->told = true;
}

static void tell_covered(struct window *window)
{
    log_write(LOG_INFO, "glass: %dx%d, covered again",
              window->cover.glass_width_px, window->cover.glass_height_px);
    window->told = false;
}

static void look(struct window *window, int64_t now_ms)
{
    bool was_covered = window->known && window->cover.state == WINDOW_COVERED;

    hear_compositor(window);
    window->again = false;
    window->cover = window->x11 ? look_at_x11(window) : cover_by_size(window);
    if (window->cover.state != WINDOW_COVERED) {
        bool waits = window->x11 && window->fullscreen &&
                     !window_x11_is_managed(window->x11);
        if (was_covered || !window->known)
            window->mend_ms = now_ms + (waits ? 0 : MEND_FIRST_MS);
        window->covered_ms = INT64_MAX;
    } else if (!was_covered) {
        window->covered_ms = now_ms;
        window->mend_ms = INT64_MAX;
        window->mends = 0;
        if (window->told)
            tell_covered(window);
    }
    window->known = true;
}

static void reopen(struct window *window)
{
    struct problem problem = {0};

    close_window(window);
    if (!open_window(window, &problem)) {
        log_problem(LOG_ERROR, "window", &problem);
        _exit(EXIT_FAILURE);
    }
    window->fd = find_fd(window);
}

/* The new window is not managed by a window manager. */
static void make_anew(struct window *window)
{
    log_write(LOG_WARNING, "glass: the window is made anew");
    SDL_SetHint(SDL_HINT_X11_FORCE_OVERRIDE_REDIRECT,
                window->fullscreen ? "1" : "0");
    reopen(window);
    window->gone = false;
    window->lost = true;
}

/* A new window does not help against another window on top. */
static bool wants_new(const struct window *window)
{
    return window->mends % (2 * MEND_GENTLY) == MEND_GENTLY &&
           (window->cover.state == WINDOW_UNMAPPED ||
            window->cover.state == WINDOW_MISPLACED);
}

static void ask_again(struct window *window)
{
    SDL_RestoreWindow(window->window);
    SDL_SetWindowFullscreen(window->window, 0);
    SDL_SetWindowFullscreen(window->window, SDL_WINDOW_FULLSCREEN_DESKTOP);
}

/* Restores a full-screen window. Not done for a window on a desktop, which the
 * user places, and not for an output that is off, which comes back by itself.
 */
static void mend(struct window *window, int64_t now_ms)
{
    int64_t wait_ms = MEND_FIRST_MS << SDL_min(window->mends, 5);

    if (!window->told)
        tell_uncovered(window);
    window->mend_ms = window->off ? now_ms + MEND_MAX_MS : INT64_MAX;
    if (!window->fullscreen || window->cover.state == WINDOW_NO_OUTPUT)
        return;
    window->mend_ms = now_ms + SDL_min(wait_ms, MEND_MAX_MS);
    if (wants_new(window))
        make_anew(window);
    else if (!window->x11)
        ask_again(window);
    else
        window_x11_place(window->x11, window_x11_output(window->x11));
    window->mends++;
    window->again = true;
}

/* When the last output of a compositor goes, SDL 2.26 cannot destroy its window
 * without reading the output that is not there; nor may the compositor speak of
 * the window before SDL knows the next output. So it is taken off until then,
 * and made anew. */
static void await_output(struct window *window, int64_t now_ms)
{
    bool outputs = SDL_GetNumVideoDisplays() > 0;

    if (!outputs && !window->off) {
        take_off(window);
        window->off = true;
    } else if (outputs && window->off) {
        reopen(window);
        window->off = false;
        window->reopened = true;
    } else if (!outputs) {
        /* SDL may know of a new output a little later than we. */
        int64_t next_ms = now_ms +
                          (window->again ? MEND_FIRST_MS : MEND_MAX_MS);
        window->mend_ms = SDL_min(window->mend_ms, next_ms);
    }
}

/* The frame on the glass once more, so that the compositor speaks of it. */
static void repeat_frame(struct window *window)
{
    if (window->cover.state != WINDOW_COVERED || !window->texture ||
        SDL_GetNumVideoDisplays() < 1 ||
        SDL_RenderCopy(window->renderer, window->texture, NULL, NULL) != 0) {
        forget_frame(window);
        window->discarded = true;
        return;
    }
    expect_frame(window, true);
    SDL_RenderPresent(window->renderer);
}

void window_tend(struct window *window, int64_t now_ms)
{
    bool any = window->again || !window->known || !window->x11;

    if (window->x11)
        take_news(window, &any);
    if (window->gone)
        make_anew(window);
    if (!window->x11 && window->fd >= 0) /* Wayland */
        await_output(window, now_ms);
    if (any || window->lost || now_ms >= window->mend_ms)
        look(window, now_ms);
    if (now_ms >= window->mend_ms)
        mend(window, now_ms);
    if (now_ms >= frame_repeat_ms(window))
        repeat_frame(window);
}

int64_t window_next_ms(const struct window *window, int64_t now_ms)
{
    if (window->again)
        return now_ms;
    if (window->cover.state != WINDOW_COVERED)
        return window->mend_ms;
    if (window->discarded) /* it is presented again */
        return now_ms;
    int64_t steady_ms = window->covered_ms + WINDOW_STEADY_MS;
    int64_t due_ms = window->asked ? frame_due_ms(window) : 0;
    int64_t next_ms = SDL_max(steady_ms, due_ms);
    if (now_ms >= next_ms)
        next_ms = INT64_MAX;
    return SDL_min(next_ms, frame_repeat_ms(window));
}

bool window_covers_glass(struct window *window,
                         const struct renderer_pixels *pixels, int64_t now_ms)
{
    look(window, now_ms);
    window->asked = now_ms < frame_due_ms(window);
    return window->cover.state == WINDOW_COVERED && !window->lost &&
           !window->gone && !window->discarded && !window->asked &&
           now_ms - window->covered_ms >= WINDOW_STEADY_MS &&
           window->cover.width_px == pixels->width &&
           window->cover.height_px == pixels->height &&
           window->put_width == pixels->width &&
           window->put_height == pixels->height;
}

static const char *at(const struct renderer_pixels *pixels, int x, int y)
{
    return (const char *)pixels->pixels + (ptrdiff_t)y * pixels->stride_bytes +
           (ptrdiff_t)x * 4;
}

static void copy_to_surface(SDL_Surface *surface,
                            const struct renderer_pixels *pixels, SDL_Rect rect)
{
    char *to = (char *)surface->pixels + (ptrdiff_t)rect.y * surface->pitch +
               (ptrdiff_t)rect.x * surface->format->BytesPerPixel;

    SDL_ConvertPixels(rect.w, rect.h, SDL_PIXELFORMAT_RGB888,
                      at(pixels, rect.x, rect.y), pixels->stride_bytes,
                      surface->format->format, to, surface->pitch);
}

/* Clips the damage to the window and the picture; returns how many rectangles
 * are left. */
static int clip_damage(const struct rect *damage, size_t count, int width,
                       int height, SDL_Rect out[RENDERER_FRAME_MAX])
{
    const struct rect whole = {0, 0, width, height};
    int kept = 0;

    if (count > RENDERER_FRAME_MAX) {
        damage = &whole;
        count = 1;
    }
    for (size_t i = 0; i < count; i++) {
        struct rect rect = rect_intersect(damage[i], whole);
        if (!rect_is_empty(rect))
            out[kept++] = (SDL_Rect){rect.x, rect.y, rect.width, rect.height};
    }
    return kept;
}

/* The X server fills the new part of a growing window with this colour, the
 * page's ground, until the page is set for the new size. */
static void keep_ground(struct window *window,
                        const struct renderer_pixels *pixels)
{
    const char *corner = at(pixels, pixels->width - 1, pixels->height - 1);
    uint32_t ground;

    memcpy(&ground, corner, sizeof ground);
    ground &= 0xFFFFFF;
    if (ground != window->ground)
        window_x11_set_ground(window->x11, ground);
    window->ground = ground;
}

/* SDL makes a surface anew when the window changes. What is new has no mark
 * yet, and no memory. */
static bool supply(struct window *window, SDL_Surface *surface)
{
    bool fresh = surface->userdata != window;

    if (fresh)
        renderer_touch(surface->pixels,
                       (size_t)surface->pitch * (size_t)surface->h);
    surface->userdata = window;
    return fresh;
}

uint32_t *window_pixels(struct window *window, int width, int height,
                        bool *fresh)
{
    SDL_Surface *surface = window->x11 ? SDL_GetWindowSurface(window->window)
                                       : NULL;

    *fresh = false;
    if (!surface || surface->w != width || surface->h != height ||
        surface->pitch != width * (int)sizeof(uint32_t) ||
        surface->format->format != SDL_PIXELFORMAT_RGB888)
        return NULL;
    *fresh = supply(window, surface);
    return surface->pixels;
}

static bool present_surface(struct window *window,
                            const struct renderer_pixels *pixels,
                            const struct rect *damage, size_t count)
{
    SDL_Rect rects[RENDERER_FRAME_MAX];
    SDL_Surface *surface = SDL_GetWindowSurface(window->window);

    if (!surface)
        return false;
    supply(window, surface);
    int width = SDL_min(surface->w, pixels->width);
    int height = SDL_min(surface->h, pixels->height);
    int kept = clip_damage(damage, count, width, height, rects);
    window->put_width = width;
    window->put_height = height;
    if (window_x11_is_nested(window->x11))
        window->settled_ms = clock_monotonic_ms() + WINDOW_SETTLE_MS;
    keep_ground(window, pixels);
    for (int i = 0; i < kept && pixels->pixels != surface->pixels; i++)
        copy_to_surface(surface, pixels, rects[i]);
    return SDL_UpdateWindowSurfaceRects(window->window, rects, kept) == 0;
}

/* Makes a texture of the picture's size. *fresh: it is new and must be filled
 * completely. */
static bool fit_texture(struct window *window,
                        const struct renderer_pixels *pixels, bool *fresh)
{
    *fresh = !window->texture || window->texture_width != pixels->width ||
             window->texture_height != pixels->height;
    if (!*fresh)
        return true;
    SDL_DestroyTexture(window->texture);
    window->texture = SDL_CreateTexture(
        window->renderer, SDL_PIXELFORMAT_RGB888, SDL_TEXTUREACCESS_STREAMING,
        pixels->width, pixels->height);
    window->texture_width = pixels->width;
    window->texture_height = pixels->height;
    return window->texture != NULL;
}

static bool present_texture(struct window *window,
                            const struct renderer_pixels *pixels,
                            const struct rect *damage, size_t count)
{
    const struct rect whole = {0, 0, pixels->width, pixels->height};
    SDL_Rect rects[RENDERER_FRAME_MAX];
    bool fresh;

    if (!fit_texture(window, pixels, &fresh))
        return false;
    int kept = clip_damage(fresh ? &whole : damage, fresh ? 1 : count,
                           pixels->width, pixels->height, rects);
    for (int i = 0; i < kept; i++) {
        if (SDL_UpdateTexture(window->texture, &rects[i],
                              at(pixels, rects[i].x, rects[i].y),
                              pixels->stride_bytes) != 0)
            return false;
    }
    if (SDL_RenderCopy(window->renderer, window->texture, NULL, NULL) != 0)
        return false;
    expect_frame(window, false);
    SDL_RenderPresent(window->renderer);
    window->put_width = pixels->width;
    window->put_height = pixels->height;
    return true;
}

bool window_present(struct window *window, const struct renderer_pixels *pixels,
                    const struct rect *damage, size_t count)
{
    /* SDL reads the output to which it hands a frame over. */
    if (!window->x11 && SDL_GetNumVideoDisplays() < 1) {
        forget_frame(window); /* the one before says nothing of this one */
        window->discarded = true;
        return true;
    }
    if (window->renderer)
        return present_texture(window, pixels, damage, count);
    return present_surface(window, pixels, damage, count);
}

static bool read_surface(struct window *window, uint32_t *pixels, int width,
                         int height)
{
    SDL_Surface *surface = SDL_GetWindowSurface(window->window);

    return surface && surface->w >= width && surface->h >= height &&
           SDL_ConvertPixels(width, height, surface->format->format,
                             surface->pixels, surface->pitch,
                             SDL_PIXELFORMAT_RGB888, pixels, width * 4) == 0;
}

/* What was presented is gone from the back buffer: it is made again. */
static bool read_renderer(struct window *window, uint32_t *pixels, int width)
{
    return window->texture &&
           SDL_RenderCopy(window->renderer, window->texture, NULL, NULL) == 0 &&
           SDL_RenderReadPixels(window->renderer, NULL, SDL_PIXELFORMAT_RGB888,
                                pixels, width * 4) == 0;
}

bool window_read(struct window *window, uint32_t **out, int *width_px,
                 int *height_px)
{
    int width = window->put_width, height = window->put_height;

    if (window->renderer &&
        SDL_GetRendererOutputSize(window->renderer, &width, &height) != 0)
        return false;
    uint32_t *pixels = width > 0 && height > 0
                           ? calloc((size_t)width * (size_t)height, 4)
                           : NULL;
    if (!pixels ||
        !(window->renderer ? read_renderer(window, pixels, width)
                           : read_surface(window, pixels, width, height))) {
        free(pixels);
        return false;
    }
    *out = pixels;
    *width_px = width;
    *height_px = height;
    return true;
}

/* Without a window manager, this program has to give the window its size back.
 */
static void shrink(struct window *window)
{
    struct rect output = window_x11_output(window->x11);
    struct rect place = {0, 0, window->options.width_px,
                         window->options.height_px};

    place.x = output.x + (output.width - place.width) / 2;
    place.y = output.y + (output.height - place.height) / 2;
    if (!window_x11_is_managed(window->x11))
        window_x11_place(window->x11, place);
}

/* The card that SDL draws on without a display server, or -1. */
static int find_card(const struct window *window)
{
#ifdef SDL_VIDEO_DRIVER_KMSDRM
    SDL_SysWMinfo info;

    SDL_VERSION(&info.version);
    if (SDL_GetWindowWMInfo(window->window, &info) &&
        info.subsystem == SDL_SYSWM_KMSDRM)
        return info.info.kmsdrm.drm_fd;
#else
    (void)window;
#endif
    return -1;
}

void window_set_lit(struct window *window, bool lit)
{
    int card = window->x11 || !window->fullscreen ? -1 : find_card(window);

    if (window->x11 && window->fullscreen)
        window_x11_set_lit(window->x11, lit);
    if (card >= 0)
        outputs_drm_set_lit(card, outputs_drm_ask, lit);
}

void window_toggle_fullscreen(struct window *window)
{
    if (window->off)
        return;
    window->fullscreen = !window->fullscreen;
    SDL_SetWindowFullscreen(
        window->window, window->fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
    SDL_SetWindowBordered(window->window,
                          window->fullscreen ? SDL_FALSE : SDL_TRUE);
    SDL_ShowCursor(window->fullscreen ? SDL_DISABLE : SDL_ENABLE);
    if (window->x11 && !window->fullscreen)
        shrink(window);
    window->known = false;
}

bool window_is_fullscreen(const struct window *window)
{
    return window->fullscreen;
}

void window_set_title(struct window *window, const char *title)
{
    SDL_SetWindowTitle(window->window, title);
}

void window_fit(const struct window *window, int *width_px, int *height_px)
{
    int display = SDL_GetWindowDisplayIndex(window->window);
    SDL_Rect room;

    if (display < 0 || SDL_GetDisplayUsableBounds(display, &room) != 0 ||
        room.w < 1 || room.h < 1)
        return;
    double scale = SDL_min(
        1.0, SDL_min(room.w / (double)*width_px, room.h / (double)*height_px));
    *width_px = SDL_max(1, (int)(*width_px * scale));
    *height_px = SDL_max(1, (int)(*height_px * scale));
}

void window_resize(struct window *window, int width_px, int height_px)
{
    if (window->fullscreen)
        return;
    window->options.width_px = width_px;
    window->options.height_px = height_px;
    SDL_SetWindowSize(window->window, width_px, height_px);
    if (window->x11)
        shrink(window);
    window->known = false;
}

struct window_key window_key(const struct window *window)
{
    return window->key;
}

static int code_of_key(SDL_Keycode key)
{
    static const struct {
        SDL_Keycode key;
        int code;
    } rows[] = {
        {SDLK_LEFT, WINDOW_KEY_LEFT},
        {SDLK_RIGHT, WINDOW_KEY_RIGHT},
        {SDLK_UP, WINDOW_KEY_UP},
        {SDLK_DOWN, WINDOW_KEY_DOWN},
        {SDLK_PAGEUP, WINDOW_KEY_PAGE_UP},
        {SDLK_PAGEDOWN, WINDOW_KEY_PAGE_DOWN},
        {SDLK_HOME, WINDOW_KEY_HOME},
        {SDLK_F1, WINDOW_KEY_HELP},
        {SDLK_RETURN, WINDOW_KEY_ENTER},
        {SDLK_KP_ENTER, WINDOW_KEY_ENTER},
        {SDLK_BACKSPACE, WINDOW_KEY_BACKSPACE},
        {SDLK_ESCAPE, WINDOW_KEY_ESCAPE},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].key == key)
            return rows[i].code;
    if (key >= SDLK_KP_1 && key <= SDLK_KP_9)
        return '1' + (key - SDLK_KP_1);
    if (key == SDLK_KP_0)
        return '0';
    return key >= ' ' && key < 0x7F ? key : 0;
}

/* On most keyboards the question mark stands over the slash. */
static enum window_event take_key(struct window *window,
                                  const SDL_KeyboardEvent *event)
{
    bool shift = event->keysym.mod & KMOD_SHIFT;
    int code = code_of_key(event->keysym.sym);

    if (code == 0 || event->keysym.mod & (KMOD_CTRL | KMOD_ALT | KMOD_GUI))
        return WINDOW_NOTHING;
    if (code == '/' && shift)
        code = '?';
    window->key = (struct window_key){code, shift, event->repeat != 0};
    return WINDOW_KEY;
}

static enum window_event event_of_key(struct window *window,
                                      const SDL_KeyboardEvent *event)
{
    if (window->options.keys == WINDOW_KEYS_ALL)
        return take_key(window, event);
    if (window->options.keys == WINDOW_KEYS_NONE || event->repeat)
        return WINDOW_NOTHING;
    switch (event->keysym.sym) {
    case SDLK_SPACE:
        return WINDOW_PAUSE;
    case SDLK_LEFT:
        return WINDOW_STEP_BACK;
    case SDLK_RIGHT:
        return WINDOW_STEP_ON;
    case SDLK_f:
        return WINDOW_FULLSCREEN;
    case SDLK_d:
        return WINDOW_DRILL;
    case SDLK_ESCAPE:
        return WINDOW_QUIT;
    default:
        return WINDOW_NOTHING;
    }
}

static enum window_event event_of_window(Uint8 event)
{
    switch (event) {
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        return WINDOW_RESIZED;
    case SDL_WINDOWEVENT_EXPOSED:
    case SDL_WINDOWEVENT_SHOWN:
    case SDL_WINDOWEVENT_RESTORED:
        return WINDOW_EXPOSED;
    case SDL_WINDOWEVENT_CLOSE:
        return WINDOW_QUIT;
    default:
        return WINDOW_NOTHING;
    }
}

enum window_event window_next_event(struct window *window)
{
    SDL_Event event;

    if (window->reopened) {
        window->reopened = false;
        return WINDOW_RESIZED;
    }
    if (window->discarded && window->cover.state == WINDOW_COVERED) {
        window->discarded = false;
        window->lost = true;
    }
    if (window->lost) {
        window->lost = false;
        return WINDOW_EXPOSED;
    }
    while (SDL_PollEvent(&event)) {
        enum window_event what = WINDOW_NOTHING;
        if (event.type == SDL_QUIT)
            what = WINDOW_QUIT;
        else if (event.type == SDL_KEYDOWN)
            what = event_of_key(window, &event.key);
        else if (event.type == SDL_WINDOWEVENT)
            what = event_of_window(event.window.event);
        if (what != WINDOW_NOTHING)
            return what;
    }
    hear_compositor(window);
    return WINDOW_NOTHING;
}
