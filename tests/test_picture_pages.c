/* Pages with pictures: what is cropped keeps its focus, a poster is whole,
 * words never stand on a photograph, and pages look as they were judged. */
#include "base/timestamp.h"
#include "display/edge/album/album.h"
#include "source_dir.h"
#include "tests/support/frame_fixture.h"
#include "tests/support/golden.h"
#include "tests/support/golden_fonts.h"
#include "tests/support/made_picture.h"
#include "tests/support/pages.h"
#include "tests/support/random_message.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SCREENS GAOSHI_SOURCE_DIR "/tests/screens/"

enum { ROUNDS = 60, SEED = 20260912, PATH_BYTES = 512, TEXT_BYTES = 2048 };

static bool has(void *context, const char *digest)
{
    (void)digest;
    return *(const bool *)context;
}

static const enum panel_template with_pictures[] = {
    TEMPLATE_PHOTO,  TEMPLATE_POSTER, TEMPLATE_SERIES,
    TEMPLATE_FIGURE, TEMPLATE_NOTICE, TEMPLATE_PLACE};
enum { TEMPLATES = sizeof with_pictures / sizeof with_pictures[0] };

static struct page_set *set_panel(const struct theme *theme,
                                  const struct message *message, int width,
                                  int height, bool there)
{
    struct page_context context = pages_context(theme, width, height,
                                                MESSAGE_PANEL);
    const struct page_pictures pictures = {&there, has};

    context.pictures = &pictures;
    struct page_set *set = page_set_create(message, &context);
    assert_non_null(set);
    return set;
}

static struct draw_list rest(const struct page_set *set, size_t page)
{
    return pages_at(set, page, INT32_MAX, TIMESTAMP_NONE);
}

/* Gives a template that has words of its own a picture beside them. */
static void add_picture(struct message *message)
{
    static const struct panel_picture picture = {
        .digest = "0123456789abcdef0123456789abcdef"
                  "0123456789abcdef0123456789abcdef",
        .bytes = 1000,
        .width = 1500,
        .height = 1000,
        .focus_x = 900,
        .focus_y = 100,
        .caption = "图",
        .credit = "",
        .ground = ""};

    if (message->panel.picture_count > 0)
        return;
    message->panel.pictures[0] = picture;
    message->panel.picture_count = 1;
}

typedef void check(const struct message *message, const struct draw_list *list,
                   const struct pages_size *size);

static void each_page(check *look)
{
    struct random_message random = {.random = SEED};
    struct theme theme;

    pages_theme("night", &theme);
    for (int round = 0; round < ROUNDS; round++) {
        const struct pages_size *size = &pages_sizes[round % PAGES_SIZES];
        random_message_panel(&random, with_pictures[round % TEMPLATES]);
        add_picture(&random.message);
        struct page_set *set = set_panel(&theme, &random.message, size->width,
                                         size->height, true);
        for (size_t page = 0; page < page_set_count(set); page++) {
            struct draw_list list = rest(set, page);
            look(&random.message, &list, size);
            draw_list_finish(&list);
        }
        page_set_destroy(set);
    }
    random_message_finish(&random);
}

static const struct panel_picture *picture_of(const struct message *message,
                                              const struct draw_item *item)
{
    const struct panel *panel = &message->panel;

    for (size_t i = 0; i < panel->picture_count; i++) {
        const struct panel_picture *picture = &panel->pictures[i];
        if (item->picture.part_x + item->picture.part_width <=
                picture->width + 0.01 &&
            item->picture.part_y + item->picture.part_height <=
                picture->height + 0.01)
            return picture;
    }
    fail_msg("a part that no picture has");
    return NULL;
}

static void check_part(const struct message *message,
                       const struct draw_list *list,
                       const struct pages_size *size)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        if (item->kind != DRAW_PICTURE)
            continue;
        const struct panel_picture *picture = picture_of(message, item);
        double across = item->bounds.width / item->picture.part_width;
        double down = item->bounds.height / item->picture.part_height;
        /* Not distorted by more than a pixel. */
        assert_true(
            fabs(across * item->picture.part_height - item->bounds.height) <=
                1.01 ||
            fabs(down * item->picture.part_width - item->bounds.width) <= 1.01);
        assert_true(item->bounds.x >= 0 && item->bounds.y >= 0);
        assert_true(item->bounds.x + item->bounds.width <= size->width);
        assert_true(item->bounds.y + item->bounds.height <= size->height);
        assert_true(item->picture.part_x >= 0 && item->picture.part_y >= 0);
        if (message->panel.template == TEMPLATE_POSTER) {
            assert_true(item->picture.part_width == picture->width);
            assert_true(item->picture.part_height == picture->height);
        }
        if (message->panel.picture_count > 1)
            continue;
        double x = picture->width * picture->focus_x / 1000.0;
        double y = picture->height * picture->focus_y / 1000.0;
        assert_true(x >= item->picture.part_x - 0.01 &&
                    x <=
                        item->picture.part_x + item->picture.part_width + 0.01);
        assert_true(y >= item->picture.part_y - 0.01 &&
                    y <= item->picture.part_y + item->picture.part_height +
                             0.01);
    }
}

static void a_crop_keeps_the_focus_and_a_poster_is_whole(void **state)
{
    (void)state;
    each_page(check_part);
}

/* A fill in the colour of the page lies between the words and the picture. */
static bool is_grounded(const struct draw_list *list, size_t text,
                        size_t picture, draw_colour ground)
{
    struct rect words = rect_intersect(list->items[text].bounds,
                                       list->items[picture].bounds);

    for (size_t i = picture + 1; i < text; i++) {
        const struct draw_item *item = &list->items[i];
        if (item->kind == DRAW_FILL && item->colour == ground &&
            rect_contains(item->bounds, words))
            return true;
    }
    return false;
}

static void check_contrast(const struct message *message,
                           const struct draw_list *list,
                           const struct pages_size *size)
{
    const draw_colour ground = list->items[0].colour; /* of the page */

    (void)message, (void)size;
    for (size_t t = 0; t < list->count; t++) {
        const struct draw_item *text = &list->items[t];
        if (text->kind != DRAW_TEXT)
            continue;
        assert_true(colour_contrast(text->colour, ground) >= 7);
        for (size_t p = 0; p < list->count; p++) {
            const struct draw_item *item = &list->items[p];
            if (item->kind != DRAW_PICTURE ||
                rect_is_empty(rect_intersect(text->bounds, item->bounds)))
                continue;
            if (p > t || !is_grounded(list, t, p, ground))
                fail_msg("«%s» stands on a picture", text->text.string);
        }
    }
}

static void words_keep_their_contrast_whatever_the_picture(void **state)
{
    (void)state;
    each_page(check_contrast);
}

static bool says(const struct page_set *set, const char *words)
{
    for (size_t page = 0; page < page_set_count(set); page++) {
        struct draw_list list = rest(set, page);
        bool found = pages_find(&list, words) != NULL;
        draw_list_finish(&list);
        if (found)
            return true;
    }
    return false;
}

static int count_pictures(const struct page_set *set)
{
    int count = 0;

    for (size_t page = 0; page < page_set_count(set); page++) {
        struct draw_list list = rest(set, page);
        for (size_t i = 0; i < list.count; i++)
            count += list.items[i].kind == DRAW_PICTURE;
        draw_list_finish(&list);
    }
    return count;
}

static struct message *make_panel(const char *template, const char *more,
                                  const char *digest, int pictures)
{
    char text[TEXT_BYTES];
    int at = snprintf(text, sizeof text,
                      "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"p\","
                      "\"panel\":{\"template\":\"%s\",\"section\":\"garden\","
                      "\"title\":\"嵩山的清晨\",%s\"pictures\":[",
                      template, more);

    for (int i = 0; i < pictures; i++)
        at += snprintf(text + at, sizeof text - (size_t)at,
                       "%s{\"sha256\":\"%s\",\"type\":\"png\",\"bytes\":%d,"
                       "\"width\":600,\"height\":%d,\"focus_y\":200,"
                       "\"caption\":\"雨后的山路\",\"credit\":\"摄影：区融媒体中心\","
                       "\"ground\":\"#20304f\"}",
                       i > 0 ? "," : "", digest, 1000, 800);
    snprintf(text + at, sizeof text - (size_t)at, "]}}");
    return pages_message_text(text);
}

static void without_its_picture_a_panel_keeps_its_words(void **state)
{
    static const char digest[] = "0123456789abcdef0123456789abcdef"
                                 "0123456789abcdef0123456789abcdef";
    struct theme theme;

    (void)state;
    pages_theme("night", &theme);
    for (int i = 0; i < 3; i++) {
        struct message *message = make_panel(
            panel_template_name(with_pictures[i]), "", digest, i == 2 ? 2 : 1);
        struct page_set *there = set_panel(&theme, message, 1920, 1080, true);
        struct page_set *gone = set_panel(&theme, message, 1920, 1080, false);
        struct page_set *strip = set_panel(&theme, message, 512, 128, true);
        assert_int_equal(count_pictures(there), i == 2 ? 2 : 1);
        assert_int_equal(count_pictures(gone), 0);
        assert_int_equal(count_pictures(strip), 0);
        assert_true(says(gone, "嵩山的清晨"));
        assert_true(says(gone, "雨后的山路"));
        assert_true(says(strip, "嵩山的清晨"));
        assert_true(says(there, "雨后的山路"));
        page_set_destroy(there);
        page_set_destroy(gone);
        page_set_destroy(strip);
        message_destroy(message);
    }
}

static const struct view {
    const char *name, *template, *more;
    int pictures;
} views[] = {
    {"photo", "photo", "", 1},
    {"poster", "poster", "\"subtitle\":\"四月十八日起\",", 1},
    {"series", "series", "", 2},
    {"figure", "figure",
     "\"figures\":[{\"label\":\"步道\",\"value\":12.6,\"unit\":\"公里\"}],", 1},
    {"notice", "notice", "\"body\":\"步道自今日起开放，请勿带火种上山。\",", 1},
};

static const struct shape {
    const char *name;
    int width, height;
} shapes[] = {
    {"landscape", 960, 540},
    {"portrait", 540, 960},
    {"square", 600, 600},
    {"strip", 512, 128},
};

static struct album *fill_album(char digest[PICTURE_DIGEST_BYTES + 1],
                                size_t *bytes)
{
    const struct made_options options = {.width = 600, .height = 800};
    struct made_picture made = made_png(&options);
    struct album *album = album_create("", ALBUM_FOLDER_BYTES);

    assert_non_null(album);
    assert_true(picture_digest(made.bytes, made.size, digest));
    const struct panel_picture picture = {
        .digest = digest, .type = PICTURE_PNG, .bytes = (int)made.size};
    album_name_begin(album);
    album_name(album, &picture);
    album_name_end(album);
    album_take_chunk(album, digest, 0, made.bytes, made.size, 0);
    album_settle(album);
    album_turn(album, 0);
    assert_true(album_has(album, digest));
    *bytes = made.size;
    free(made.bytes);
    return album;
}

static void draw(struct frame_fixture *fixture, const struct scene *scene,
                 uint32_t *to)
{
    const struct frame_setting setting = {
        .place_name = "郑州市二七区",
        .ticker = "",
        .clock_ms = PAGES_NOW_MS,
        .news = {PAGES_NOW_MS, TIMESTAMP_NONE},
    };
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct frame_info info;

    assert_true(
        frame_compose(&fixture->glass, fixture->cache, scene, &setting, &info));
    album_settle(fixture->glass.album);
    album_turn(fixture->glass.album, 0);
    assert_true(
        frame_compose(&fixture->glass, fixture->cache, scene, &setting, &info));
    assert_false(info.pictures_due);
    renderer_forget(fixture->glass.renderer);
    renderer_draw(fixture->glass.renderer, &fixture->glass.list, damage);
    fonts_trim(fixture->glass.fonts);
    struct renderer_pixels pixels = renderer_pixels(fixture->glass.renderer);
    memcpy(to, pixels.pixels,
           (size_t)pixels.height * (size_t)pixels.stride_bytes);
}

static bool look(struct frame_fixture *fixture, const struct view *view,
                 const struct shape *shape, const char *digest)
{
    struct message *message = make_panel(view->template, view->more, digest,
                                         view->pictures);
    const struct page_place place = {.presentation = PRESENTATION_FULL};
    char path[PATH_BYTES];

    page_cache_clear(fixture->cache);
    size_t pages =
        page_set_count(page_cache_get(fixture->cache, message, &place));
    size_t page_pixels = (size_t)shape->width * (size_t)shape->height;
    uint32_t *stack = calloc(pages * page_pixels, sizeof *stack);
    assert_non_null(stack);
    for (size_t i = 0; i < pages; i++) {
        const struct scene scene = {.kind = SCENE_PANEL,
                                    .message = message,
                                    .page = i,
                                    .place = place,
                                    .t_ms = INT32_MAX,
                                    .position = 2,
                                    .total = 5};
        draw(fixture, &scene, stack + i * page_pixels);
    }
    const struct renderer_pixels whole = {stack, shape->width,
                                          shape->height * (int)pages,
                                          shape->width * (int)sizeof *stack};
    snprintf(path, sizeof path, SCREENS "pictures-%s-%s.png", shape->name,
             view->name);
    long differing = golden_compare(path, &whole);
    free(stack);
    message_destroy(message);
    return differing == 0;
}

static void every_template_looks_as_it_was_judged_in_every_shape(void **state)
{
    char why[GOLDEN_FONTS_BYTES], digest[PICTURE_DIGEST_BYTES + 1];
    size_t bytes;
    int differing = 0;

    (void)state;
    if (!golden_fonts_agree(SCREENS "fonts.txt", why)) {
        print_message("skipped: %s\n", why);
        skip();
    }
    struct album *album = fill_album(digest, &bytes);
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
        struct frame_fixture *fixture = frame_fixture_open(
            shapes[s].width, shapes[s].height, "night", MOTION_FULL);
        glass_use_album(&fixture->glass, album);
        for (size_t v = 0; v < sizeof views / sizeof views[0]; v++)
            differing += !look(fixture, &views[v], &shapes[s], digest);
        frame_fixture_close(fixture);
    }
    album_destroy(album);
    assert_int_equal(image_decoded_here(), 0);
    if (differing > 0)
        fail_msg("%d pictures differ from tests/screens", differing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crop_keeps_the_focus_and_a_poster_is_whole),
        cmocka_unit_test(words_keep_their_contrast_whatever_the_picture),
        cmocka_unit_test(without_its_picture_a_panel_keeps_its_words),
        cmocka_unit_test(every_template_looks_as_it_was_judged_in_every_shape),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
