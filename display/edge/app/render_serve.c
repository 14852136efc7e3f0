/* Reads requests from a pipe, draws, and answers with PNG files. */
#include "display/edge/app/render_serve.h"

#include <errno.h>
#include <jansson.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/timestamp.h"
#include "display/edge/app/drawing.h"
#include "display/edge/app/render_scene.h"
#include "display/edge/render/picture.h"

/* A glass of one size and look; key names both. */
struct ready_glass {
    char *key; /* NULL: free */
    struct drawing *drawing;
    struct message *over;
    char *over_text; /* of `over` */
    uint64_t used;   /* number of the request */
};

struct service {
    const struct config *config;
    const struct data_path *data;
    int in, out;
    struct ready_glass glasses[RENDER_SERVE_GLASSES];
    uint64_t requests;
};

static bool no_memory(struct problem *problem)
{
    return problem_set(problem, PROBLEM_SYSTEM, "no memory");
}

static void forget(struct ready_glass *ready)
{
    if (ready->drawing)
        drawing_close(ready->drawing);
    free(ready->drawing);
    message_destroy(ready->over);
    free(ready->over_text);
    free(ready->key);
    *ready = (struct ready_glass){.used = 0};
}

static const struct option_row *find_row(const char *key)
{
    const struct option_row *row = option_rows_find_key(config_rows, key);
    bool served = strncmp(key, "glass.", 6) == 0 ||
                  strncmp(key, "screen.", 7) == 0;

    /* A borrowed text would be that of the request, which ends. */
    return row && served && !row->type->is_borrowed && !row->type->entries
               ? row
               : NULL;
}

static bool set_options(struct config *config, const json_t *options,
                        struct problem *problem)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)options, key, value)
    {
        const struct option_row *row = find_row(key);
        if (!row)
            return problem_set_field(problem, key, "no option of the glass");
        if (!json_is_string(value))
            return problem_set_field(problem, key, "expected a text");
        if (!option_row_set(row, json_string_value(value), config, problem))
            return false;
    }
    return true;
}

static bool set_size(struct config *config, const char *size,
                     struct problem *problem)
{
    int width, height, read = 0;

    if (sscanf(size, "%5dx%5d%n", &width, &height, &read) != 2 || size[read] ||
        width < GLASS_SIDE_MIN_PX || height < GLASS_SIDE_MIN_PX ||
        width > GLASS_SIDE_MAX_PX || height > GLASS_SIDE_MAX_PX ||
        width * height > RENDER_SERVE_PIXELS)
        return problem_set_field(problem, "size",
                                 "expected WIDTHxHEIGHT, each %d to %d, %d "
                                 "pixels at most",
                                 GLASS_SIDE_MIN_PX, GLASS_SIDE_MAX_PX,
                                 RENDER_SERVE_PIXELS);
    config->flags.size.width_px = width;
    config->flags.size.height_px = height;
    return true;
}

static bool open_glass(struct service *service, struct ready_glass *ready,
                       const json_t *request, struct problem *problem)
{
    const char *size = json_string_value(json_object_get(request, "size"));

    ready->drawing = calloc(1, sizeof *ready->drawing);
    if (!ready->drawing)
        return no_memory(problem);
    ready->drawing->config = *service->config;
    /* The texts of the file stay with the service's own. */
    ready->drawing->config.state = (struct option_state){.text_count = 0};
    ready->drawing->config.flags.at_ms = RENDER_SCENE_AT_REST;
    return set_options(&ready->drawing->config,
                       json_object_get(request, "options"), problem) &&
           (!size || set_size(&ready->drawing->config, size, problem)) &&
           drawing_open(ready->drawing, service->data, problem);
}

static char *key_of(const json_t *request)
{
    json_t *look = json_pack("{s:O*, s:O*}", "size",
                             json_object_get(request, "size"), "options",
                             json_object_get(request, "options"));
    char *key = look ? json_dumps(look, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

    json_decref(look);
    return key;
}

/* The one of that key, otherwise the one that was used least recently, made
 * anew. NULL: the problem says why. */
static struct ready_glass *find_glass(struct service *service,
                                      const json_t *request,
                                      struct problem *problem)
{
    struct ready_glass *oldest = &service->glasses[0];
    char *key = key_of(request);

    if (!key) {
        no_memory(problem);
        return NULL;
    }
    for (size_t i = 0; i < RENDER_SERVE_GLASSES; i++) {
        struct ready_glass *ready = &service->glasses[i];
        if (ready->key && strcmp(ready->key, key) == 0) {
            free(key);
            ready->used = service->requests;
            return ready;
        }
        if (ready->used < oldest->used)
            oldest = ready;
    }
    forget(oldest);
    oldest->key = key;
    oldest->used = service->requests;
    if (open_glass(service, oldest, request, problem))
        return oldest;
    forget(oldest);
    return NULL;
}

static bool read_body(const char *text, const char *place, struct message **out,
                      struct problem *problem)
{
    return message_parse(text, strlen(text), MESSAGE_DRAFT, place, out,
                         problem);
}

/* Reads the panel beside an alert, unless it is that of the last request. */
static bool use_over(struct service *service, struct ready_glass *ready,
                     const char *text, struct problem *problem)
{
    struct message *over = NULL;

    ready->drawing->over = NULL;
    if (!text)
        return true;
    if (!ready->over_text || strcmp(ready->over_text, text) != 0) {
        char *copy = strdup(text);
        bool read = copy && (strcmp(text, RENDER_SCENE_SAMPLE) == 0
                                 ? render_scene_read_over(text, service->data,
                                                          &over, problem)
                                 : read_body(text, "over", &over, problem));
        if (read && over->kind != MESSAGE_PANEL)
            read = problem_set_field(problem, "over", "expected a panel");
        if (!read) {
            message_destroy(over);
            free(copy);
            return copy ? false : no_memory(problem);
        }
        message_destroy(ready->over);
        free(ready->over_text);
        ready->over = over;
        ready->over_text = copy;
    }
    ready->drawing->over = ready->over;
    return true;
}

static bool use_figures(struct drawing *drawing, const json_t *figures,
                        struct problem *problem)
{
    size_t count = json_array_size(figures);

    known_figures_finish(&drawing->figures);
    if (!known_figures_init(&drawing->figures, drawing->config.flags.now_ms,
                            false))
        return no_memory(problem);
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(figures, i));
        struct message *figure = NULL;
        if (!text || !read_body(text, "figures", &figure, problem))
            return text ? false
                        : problem_set_field(problem, "figures",
                                            "expected texts");
        if (figure->kind != MESSAGE_FIGURE) {
            message_destroy(figure);
            return problem_set_field(problem, "figures", "expected figures");
        }
        if (!known_figures_add(&drawing->figures, figure, problem))
            return false;
    }
    return true;
}

/* A whole number of the request within bounds; false: another value. */
static bool read_number(const json_t *request, const char *name, int fallback,
                        int most, int *out, struct problem *problem)
{
    const json_t *value = json_object_get(request, name);
    json_int_t number = value ? json_integer_value(value) : fallback;

    if ((value && !json_is_integer(value)) || number < 1 || number > most)
        return problem_set_field(problem, name,
                                 "expected a whole number from 1 to %d", most);
    *out = (int)number;
    return true;
}

static bool read_now(const struct service *service, const json_t *request,
                     struct drawing *drawing, struct problem *problem)
{
    const json_t *now = json_object_get(request, "now");

    drawing->config.flags.now_ms = service->config->flags.now_ms;
    return !now ||
           (json_is_string(now) &&
            timestamp_parse(json_string_value(now),
                            &drawing->config.flags.now_ms)) ||
           problem_set_field(problem, "now", "expected a time with its offset");
}

/* The answer so far, and the picture. */
struct answer {
    json_t *head;
    void *png;
    size_t png_bytes;
};

static bool encode(struct drawing *drawing, int shrink, struct answer *answer,
                   struct problem *problem)
{
    struct renderer_pixels pixels = drawing_paint(drawing);
    uint32_t *small = NULL;

    if (shrink > 1) {
        if (pixels.width < shrink || pixels.height < shrink)
            return problem_set_field(problem, "shrink", "nothing would remain");
        small = picture_shrink(&pixels, shrink);
        if (!small)
            return no_memory(problem);
        pixels = (struct renderer_pixels){
            .pixels = small,
            .width = pixels.width / shrink,
            .height = pixels.height / shrink,
            .stride_bytes = pixels.width / shrink * (int)sizeof *small};
    }
    bool made = picture_encode(&pixels, true, &answer->png, &answer->png_bytes,
                               problem);
    free(small);
    json_object_set_new(answer->head, "width", json_integer(pixels.width));
    json_object_set_new(answer->head, "height", json_integer(pixels.height));
    return made;
}

static bool draw_message(struct drawing *drawing, const json_t *request,
                         struct message *message, struct answer *answer,
                         struct problem *problem)
{
    enum { PAGES_MAX = 9999 };
    int page, shrink;

    if (!read_number(request, "page", 1, PAGES_MAX, &page, problem) ||
        !read_number(request, "shrink", 1, RENDER_SERVE_SHRINK_MAX, &shrink,
                     problem) ||
        (message && !drawing_prepare(drawing, message, problem)))
        return false;
    size_t pages = message ? drawing_pages(drawing, message, problem) : 1;
    if (pages == 0)
        return false;
    /* While somebody types, the page that was looked at may cease to be. */
    if ((size_t)page > pages)
        page = (int)pages;
    json_object_set_new(answer->head, "page", json_integer(page));
    json_object_set_new(answer->head, "pages", json_integer((json_int_t)pages));
    if (message && message->left_out.count > 0)
        json_object_set_new(answer->head, "left_out",
                            json_string(message->left_out.paths));
    return drawing_compose(drawing, message, (size_t)page - 1, pages,
                           problem) &&
           encode(drawing, shrink, answer, problem);
}

static bool is_kind(const json_t *request, const char *name, json_type type,
                    struct problem *problem)
{
    const json_t *value = json_object_get(request, name);

    if (!value || json_typeof(value) == type)
        return true;
    return type == JSON_STRING
               ? problem_set_field(problem, name, "expected a text")
           : type == JSON_OBJECT
               ? problem_set_field(problem, name, "expected an object")
               : problem_set_field(problem, name, "expected a list");
}

static bool draw(struct service *service, const json_t *request,
                 struct answer *answer, struct problem *problem)
{
    const char *text = json_string_value(json_object_get(request, "message"));
    const char *over = json_string_value(json_object_get(request, "over"));
    struct message *message = NULL;

    if (!is_kind(request, "message", JSON_STRING, problem) ||
        !is_kind(request, "over", JSON_STRING, problem) ||
        !is_kind(request, "size", JSON_STRING, problem) ||
        !is_kind(request, "options", JSON_OBJECT, problem) ||
        !is_kind(request, "figures", JSON_ARRAY, problem))
        return false;
    struct ready_glass *ready = find_glass(service, request, problem);
    bool drawn = ready && read_now(service, request, ready->drawing, problem) &&
                 use_figures(ready->drawing,
                             json_object_get(request, "figures"), problem) &&
                 use_over(service, ready, over, problem) &&
                 (!text || read_body(text, "", &message, problem)) &&
                 draw_message(ready->drawing, request, message, answer,
                              problem);
    message_destroy(message);
    return drawn;
}

static bool read_whole(int in, void *out, size_t bytes)
{
    char *to = out;

    while (bytes > 0) {
        ssize_t got = read(in, to, bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        bytes -= (size_t)got;
    }
    return true;
}

static bool skip(int in, size_t bytes)
{
    char passed[4096];

    while (bytes > 0) {
        size_t part = bytes < sizeof passed ? bytes : sizeof passed;
        if (!read_whole(in, passed, part))
            return false;
        bytes -= part;
    }
    return true;
}

static bool write_whole(int out, const void *from, size_t bytes)
{
    const char *at = from;

    while (bytes > 0) {
        ssize_t put = write(out, at, bytes);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += put;
        bytes -= (size_t)put;
    }
    return true;
}

static void put_length(unsigned char out[4], size_t length)
{
    for (int i = 0; i < 4; i++)
        out[i] = (unsigned char)(length >> (24 - 8 * i));
}

static bool send(const struct service *service, struct answer *answer,
                 const struct problem *problem)
{
    unsigned char lengths[8];

    if (problem->code != PROBLEM_NONE) {
        free(answer->png);
        answer->png = NULL;
        answer->png_bytes = 0;
        json_object_set_new(answer->head, "problem",
                            json_pack("{s:s, s:s, s:i, s:i}", "field",
                                      problem->field, "text", problem->expected,
                                      "line", problem->line, "column",
                                      problem->column));
    }
    char *head = json_dumps(answer->head, JSON_COMPACT);
    if (!head)
        return false;
    put_length(lengths, strlen(head));
    put_length(lengths + 4, answer->png_bytes);
    bool sent = write_whole(service->out, lengths, sizeof lengths) &&
                write_whole(service->out, head, strlen(head)) &&
                write_whole(service->out, answer->png, answer->png_bytes);
    free(head);
    return sent;
}

/* text NULL: the request was too long, or there was no memory for it. */
static bool answer_request(struct service *service, const char *text,
                           size_t bytes)
{
    struct problem problem = {0};
    struct answer answer = {.head = json_object()};
    json_error_t error;
    json_t *request =
        text ? json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error) : NULL;

    service->requests++;
    if (!text)
        problem_set(&problem, PROBLEM_TOO_LARGE, "%zu bytes, %d at most", bytes,
                    RENDER_SERVE_REQUEST_BYTES);
    else if (!json_is_object(request))
        problem_set(&problem, PROBLEM_SYNTAX, "expected a JSON object");
    else if (!draw(service, request, &answer, &problem) &&
             problem.code == PROBLEM_NONE)
        no_memory(&problem);
    json_t *id = json_object_get(request, "id");
    if (json_is_integer(id))
        json_object_set(answer.head, "id", id);
    bool sent = answer.head && send(service, &answer, &problem);
    json_decref(request);
    json_decref(answer.head);
    free(answer.png);
    return sent;
}

/* False: the input is over, or the output cannot be written. *whole is false
 * if it broke off. */
static bool serve_one(struct service *service, bool *whole)
{
    unsigned char length[4];
    char *text = NULL;

    if (!read_whole(service->in, length, 1))
        return false;
    *whole = false;
    if (!read_whole(service->in, length + 1, 3))
        return false;
    size_t bytes = (size_t)length[0] << 24 | (size_t)length[1] << 16 |
                   (size_t)length[2] << 8 | length[3];
    if (bytes <= RENDER_SERVE_REQUEST_BYTES)
        text = malloc(bytes + 1);
    bool read = text ? read_whole(service->in, text, bytes)
                     : skip(service->in, bytes);
    *whole = read && answer_request(service, text, bytes);
    free(text);
    return *whole;
}

bool render_serve(const struct config *config, const struct data_path *data,
                  int in, int out)
{
    struct service service = {
        .config = config, .data = data, .in = in, .out = out};
    bool whole = true;

    /* Pictures of the next request take the memory of the last one: new pages
     * from the kernel took half of the time. */
    mallopt(M_MMAP_THRESHOLD, RENDER_SERVE_KEPT_BYTES);
    mallopt(M_TRIM_THRESHOLD, RENDER_SERVE_KEPT_BYTES);
    while (serve_one(&service, &whole))
        ;
    for (size_t i = 0; i < RENDER_SERVE_GLASSES; i++)
        forget(&service.glasses[i]);
    return whole;
}
