/* Reads messages from files and makes the scene of a picture, like the director
 * of a screen. */
#include "display/edge/app/render_scene.h"

#include "base/files.h"
#include <stdlib.h>
#include <string.h>

bool render_scene_read_file(const char *file, struct message **out,
                            struct problem *problem)
{
    char *text = NULL;
    size_t bytes = 0, skip = 0;

    text = file_read_any(file, LIMIT_MESSAGE_BYTES, &bytes, problem);
    if (!text)
        return false;
    if (strncmp(text, "gaoshi1 ", 8) == 0)
        skip = strcspn(text, "\n") + 1;
    if (skip > bytes)
        skip = bytes;
    bool read = message_parse(text + skip, bytes - skip, MESSAGE_DRAFT, file,
                              out, problem);
    free(text);
    return read;
}

bool render_scene_read(const char *file, enum message_kind kind,
                       struct message **out, struct problem *problem)
{
    struct message *message = NULL;

    if (!render_scene_read_file(file, &message, problem))
        return false;
    if (message->kind != kind) {
        problem_set_field(problem, "kind", "'%s', expected %s",
                          message_kind_name(message->kind),
                          message_kind_name(kind));
        problem_set_place(problem, file);
        message_destroy(message);
        return false;
    }
    *out = message;
    return true;
}

bool render_scene_read_over(const char *file, const struct data_path *data,
                            struct message **out, struct problem *problem)
{
    char sample[DATA_PATH_BYTES];

    if (strcmp(file, RENDER_SCENE_SAMPLE) == 0) {
        if (!data_path_join(data, "data/samples/sample-place.json", sample,
                            sizeof sample))
            return problem_set(problem, PROBLEM_SYSTEM, "path too long");
        file = sample;
    }
    return render_scene_read(file, MESSAGE_PANEL, out, problem);
}

static struct page_place place_of_alert(const struct render_scene *wanted,
                                        const struct message *alert)
{
    enum presentation presentation =
        (enum presentation)wanted->config->presentations[alert->alert.level];

    return (struct page_place){
        .presentation = presentation_fit(&wanted->glass->whole.geometry,
                                         presentation),
        .position = 1,
        .total = wanted->alerts};
}

static bool stands_over(const struct render_scene *wanted,
                        const struct message *message)
{
    return wanted->over && message && message->kind == MESSAGE_ALERT;
}

struct page_place render_scene_place(const struct render_scene *wanted,
                                     const struct message *message)
{
    struct page_place place = {.presentation = PRESENTATION_FULL};

    if (stands_over(wanted, message))
        return place_of_alert(wanted, message);
    if (wanted->alert)
        place.presentation = place_of_alert(wanted, wanted->alert).presentation;
    return place;
}

static int64_t time_of(const struct render_scene *wanted,
                       const struct message *message,
                       const struct page_place *place, size_t page)
{
    if (wanted->at_ms != RENDER_SCENE_AT_REST || !message)
        return wanted->at_ms;
    const struct page_set *set = page_cache_get(wanted->cache, message, place);
    return set && page < page_set_count(set) ? page_entrance_ms(set, page) : 0;
}

static struct scene_alert make_alert(const struct render_scene *wanted)
{
    const struct page_place place = place_of_alert(wanted, wanted->alert);

    return (struct scene_alert){
        .message = wanted->alert,
        .page = wanted->alert_page,
        .place = place,
        .t_ms = time_of(wanted, wanted->alert, &place, wanted->alert_page)};
}

/* An alert on the whole glass hides the panel. */
static struct scene make_full(const struct scene_alert *alert)
{
    return (struct scene){.kind = SCENE_ALERT,
                          .message = alert->message,
                          .page = alert->page,
                          .place = alert->place,
                          .t_ms = alert->t_ms};
}

static struct scene make(const struct render_scene *wanted,
                         const struct message *message, size_t page,
                         size_t pages)
{
    const struct page_place place = render_scene_place(wanted, message);
    struct scene scene = {.kind = message ? SCENE_PANEL : SCENE_PLAIN,
                          .message = message,
                          .page = page,
                          .place = place,
                          .t_ms = time_of(wanted, message, &place, page),
                          .position = (int)page + 1,
                          .total = (int)pages};

    if (wanted->alert)
        scene.alert = make_alert(wanted);
    if (wanted->alert && place.presentation == PRESENTATION_FULL)
        return make_full(&scene.alert);
    return scene;
}

struct scene render_scene_make(const struct render_scene *wanted,
                               const struct message *message, size_t page,
                               size_t pages)
{
    struct render_scene own = *wanted;

    if (!stands_over(wanted, message))
        return make(wanted, message, page, pages);
    own.alert = message;
    own.alert_page = page;
    return make(&own, wanted->over, 0, 1);
}
