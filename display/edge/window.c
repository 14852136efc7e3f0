/* Opens a window on purpose, where somebody sees it, and presents damaged
 * rectangles: by the window's surface on X11 (shared memory, 0.4 ms a frame
 * at 1080p, against 9 ms through OpenGL), by one streaming texture on drivers
 * that have no surface. */
#include "display/edge/window.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_WAYLAND
#include <wayland-client-core.h>
#endif

#include "display/edge/log.h"

struct window {
    SDL_Window *window;
    SDL_Renderer *renderer; /* NULL: the window's surface is used */
    SDL_Texture *texture;
    int texture_width, texture_height;
    int fd;
};

/* SDL takes «offscreen» when it finds nothing else, and nobody would see it:
 * so the driver is named, and checked. */
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

/* Xlib ends a program whose server went, with a line of its own; ours says
 * what happens now. It must not return. */
static int on_server_lost(Display *x)
{
    (void)x;
    log_write(LOG_ERROR, "window: the X server is gone; ends, so that the "
                         "service manager starts it again");
    _exit(EXIT_FAILURE);
}

/* SDL loads Xlib by itself, so it is asked for there. */
static void watch_server(void)
{
    typedef int handler(Display *);
    handler *(*set_handler)(handler *) = NULL;
    void *xlib = dlopen("libX11.so.6", RTLD_LAZY | RTLD_NOLOAD);

    if (!xlib)
        return;
    *(void **)&set_handler = dlsym(xlib, "XSetIOErrorHandler");
    if (set_handler)
        set_handler(on_server_lost);
    dlclose(xlib);
}

static bool start_video(const char *driver, struct problem *problem)
{
    /* Signals are the loop's. Screens must not sleep. */
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_VIDEODRIVER, driver);
    /* A console board keeps its keyboard: a getty may live there. */
    setenv("SDL_INPUT_LINUX_KEEP_KBD", "1", 0);
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
                       got ? got : "none");
}

static bool open_window(struct window *window,
                        const struct window_options *options,
                        struct problem *problem)
{
    Uint32 flags = options->fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP
                                       : SDL_WINDOW_RESIZABLE;

    window->window = SDL_CreateWindow(
        options->title, SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED,
        options->width_px, options->height_px, flags);
    if (!window->window)
        return problem_set(problem, PROBLEM_SYSTEM, "no window: %s",
                           SDL_GetError());
    if (strcmp(window_driver(window), "x11") == 0)
        return true;
    window->renderer = SDL_CreateRenderer(window->window, -1,
                                          SDL_RENDERER_PRESENTVSYNC);
    return window->renderer || problem_set(problem, PROBLEM_SYSTEM,
                                           "no renderer: %s", SDL_GetError());
}

/* The connection to the window system, for poll. */
static int find_fd(const struct window *window)
{
    SDL_SysWMinfo info;

    SDL_VERSION(&info.version);
    if (!SDL_GetWindowWMInfo(window->window, &info))
        return -1;
    if (info.subsystem == SDL_SYSWM_X11)
        return ConnectionNumber(info.info.x11.display);
#ifdef HAVE_WAYLAND
    if (info.subsystem == SDL_SYSWM_WAYLAND)
        return wl_display_get_fd(info.info.wl.display);
#endif
    return -1;
}

static bool try_window(const struct window_options *options, const char *driver,
                       struct window **out, struct problem *problem)
{
    struct window *window = calloc(1, sizeof *window);

    if (!window)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    if (!start_video(driver, problem) ||
        !open_window(window, options, problem)) {
        window_destroy(window);
        return false;
    }
    window->fd = find_fd(window);
    SDL_ShowCursor(options->fullscreen ? SDL_DISABLE : SDL_ENABLE);
    *out = window;
    return true;
}

/* Mesa draws without the card when it is asked to: slower, and nothing of the
 * card's driver runs but its frames. Where that is not to be had, a glass with
 * the card is better than none. */
static bool try_without_card(const struct window_options *options,
                             const char *driver, struct window **out)
{
    struct problem why = {0};

    setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
    if (try_window(options, driver, out, &why))
        return true;
    unsetenv("LIBGL_ALWAYS_SOFTWARE");
    log_problem(LOG_WARNING, "window without the graphics card", &why);
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
    SDL_DestroyTexture(window->texture);
    SDL_DestroyRenderer(window->renderer);
    if (window->window)
        SDL_DestroyWindow(window->window);
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

/* Clips the damage to what both have; returns how many are left. */
static int clip_damage(const struct rect *damage, size_t count, int width,
                       int height, SDL_Rect out[RENDERER_DAMAGE_MAX])
{
    const struct rect whole = {0, 0, width, height};
    int kept = 0;

    for (size_t i = 0; i < count && i < RENDERER_DAMAGE_MAX; i++) {
        struct rect rect = rect_intersect(damage[i], whole);
        if (!rect_is_empty(rect))
            out[kept++] = (SDL_Rect){rect.x, rect.y, rect.width, rect.height};
    }
    return kept;
}

static bool present_surface(struct window *window,
                            const struct renderer_pixels *pixels,
                            const struct rect *damage, size_t count)
{
    SDL_Rect rects[RENDERER_DAMAGE_MAX];
    SDL_Surface *surface = SDL_GetWindowSurface(window->window);

    if (!surface)
        return false;
    int width = SDL_min(surface->w, pixels->width);
    int height = SDL_min(surface->h, pixels->height);
    int kept = clip_damage(damage, count, width, height, rects);
    for (int i = 0; i < kept; i++)
        copy_to_surface(surface, pixels, rects[i]);
    return SDL_UpdateWindowSurfaceRects(window->window, rects, kept) == 0;
}

/* A texture of the picture's size; a new one has to be filled as a whole. */
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
    SDL_Rect rects[RENDERER_DAMAGE_MAX];
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
    SDL_RenderPresent(window->renderer);
    return true;
}

bool window_present(struct window *window, const struct renderer_pixels *pixels,
                    const struct rect *damage, size_t count)
{
    if (window->renderer)
        return present_texture(window, pixels, damage, count);
    return present_surface(window, pixels, damage, count);
}

void window_toggle_fullscreen(struct window *window)
{
    bool full = SDL_GetWindowFlags(window->window) &
                SDL_WINDOW_FULLSCREEN_DESKTOP;

    SDL_SetWindowFullscreen(window->window,
                            full ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
    SDL_ShowCursor(full ? SDL_ENABLE : SDL_DISABLE);
}

static enum window_event event_of_key(SDL_Keycode key)
{
    switch (key) {
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

    (void)window;
    while (SDL_PollEvent(&event)) {
        enum window_event what = WINDOW_NOTHING;
        if (event.type == SDL_QUIT)
            what = WINDOW_QUIT;
        else if (event.type == SDL_KEYDOWN && !event.key.repeat)
            what = event_of_key(event.key.keysym.sym);
        else if (event.type == SDL_WINDOWEVENT)
            what = event_of_window(event.window.event);
        if (what != WINDOW_NOTHING)
            return what;
    }
    return WINDOW_NOTHING;
}
