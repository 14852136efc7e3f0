/* The pictures of a screen: asked for only when a panel names them, verified
 * whole, kept over a restart within their room, and decoded elsewhere. */
#include "display/edge/album/album.h"
#include "tests/support/folder.h"
#include "tests/support/made_picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { WIDE = 400, HIGH = 300 };

/* A picture and what a panel says of it. */
struct named {
    struct made_picture made;
    char digest[PICTURE_DIGEST_BYTES + 1];
    struct panel_picture reference;
};

static void name_bytes(struct named *named)
{
    assert_true(
        picture_digest(named->made.bytes, named->made.size, named->digest));
    named->reference = (struct panel_picture){
        .digest = named->digest,
        .type = PICTURE_PNG,
        .bytes = (int)named->made.size,
        .width = WIDE,
        .height = HIGH,
    };
}

/* Random bytes cannot be decoded, but are kept like any others. */
static struct named make_noise(size_t size, unsigned seed)
{
    struct named named = {.made = {malloc(size), size}};

    assert_non_null(named.made.bytes);
    for (size_t i = 0; i < size; i++)
        named.made.bytes[i] =
            (unsigned char)((seed = seed * 1103515245 + 12345) >> 16);
    return named;
}

static struct named make_png(void)
{
    const struct made_options options = {
        .width = WIDE, .height = HIGH, .deep = true};
    struct named named = {.made = made_png(&options)};

    return named;
}

static void tell(struct album *album, const struct named *const *named,
                 size_t count)
{
    album_name_begin(album);
    for (size_t i = 0; i < count; i++)
        album_name(album, &named[i]->reference);
    album_name_end(album);
}

static bool settle(struct album *album, int64_t mono_ms)
{
    album_settle(album);
    return album_turn(album, mono_ms);
}

/* In any order: here the last chunk first. */
static void deliver(struct album *album, const struct named *named,
                    int64_t mono_ms)
{
    for (size_t i = picture_chunks(named->made.size); i-- > 0;)
        album_take_chunk(album, named->digest, i,
                         named->made.bytes + i * LIMIT_CHUNK_BYTES,
                         picture_chunk_bytes(named->made.size, i), mono_ms);
}

static void write_file(const char *folder, const char *name, const void *bytes,
                       size_t size)
{
    char *path = folder_path(folder, name);
    FILE *file = fopen(path, "wbe");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    free(path);
}

static void assert_wish(const struct album *album, const struct named *named)
{
    const struct album_wish wish = album_wish(album);

    if (!named)
        assert_null(wish.digest);
    else
        assert_string_equal(wish.digest ? wish.digest : "", named->digest);
}

static struct album_figures figures(const struct album *album)
{
    return album_figures(album);
}

static void
a_named_picture_is_fetched_kept_and_there_after_a_restart(void **state)
{
    const char *folder = *state;
    struct named png = make_png();
    const struct named *const all[] = {&png};
    const struct image_part whole = {0, 0, WIDE, HIGH};

    name_bytes(&png);
    struct album *album = album_create(folder, ALBUM_FOLDER_BYTES);
    assert_non_null(album);
    album_turn(album, 0);
    assert_wish(album, NULL);
    tell(album, all, 1);
    assert_wish(album, &png);
    assert_int_equal(figures(album).missing, 1);
    deliver(album, &png, 10);
    assert_wish(album, NULL);
    assert_true(settle(album, 20));
    assert_true(album_has(album, png.digest));
    assert_int_equal(figures(album).missing, 0);
    album_destroy(album);

    album = album_create(folder, ALBUM_FOLDER_BYTES);
    tell(album, all, 1);
    assert_wish(album, NULL);
    assert_true(settle(album, 0));
    assert_true(album_has(album, png.digest));
    struct album_pixels got = album_pixels(album, png.digest, &whole, 40, 30);
    assert_null(got.pixels);
    assert_true(got.due);
    settle(album, 10);
    got = album_pixels(album, png.digest, &whole, 40, 30);
    assert_non_null(got.pixels);
    assert_true(made_is_near(got.pixels[0], made_colour(0)));
    assert_true(made_is_near(got.pixels[40 * 30 - 1], made_colour(3)));
    /* Not anew for the next frame. */
    assert_int_equal(album_pixels(album, png.digest, &whole, 40, 30).serial,
                     got.serial);
    assert_int_equal(figures(album).decoded, 1);
    assert_int_equal(image_decoded_here(), 0);
    album_destroy(album);
    free(png.made.bytes);
}

static void bytes_that_nobody_asked_for_change_nothing(void **state)
{
    struct named png = make_png(), other = make_noise(1000, 1);
    const struct named *const all[] = {&png};
    struct album *album = album_create(*state, ALBUM_FOLDER_BYTES);

    name_bytes(&png);
    name_bytes(&other);
    deliver(album, &other, 0);
    tell(album, all, 1);
    deliver(album, &other, 0);
    /* Nor a chunk of another length, or beyond the end. */
    album_take_chunk(album, png.digest, 0, png.made.bytes, 10, 0);
    album_take_chunk(album, png.digest, LIMIT_CHUNKS, png.made.bytes, 10, 0);
    assert_false(settle(album, 0));
    assert_false(album_has(album, other.digest));
    assert_wish(album, &png);
    /* No panel names it any more. */
    tell(album, all, 0);
    assert_wish(album, NULL);
    deliver(album, &png, 0);
    settle(album, 0);
    assert_int_equal(figures(album).folder_bytes, 0);
    album_destroy(album);
    free(png.made.bytes);
    free(other.made.bytes);
}

static void
other_bytes_than_the_digest_says_are_asked_for_again_later(void **state)
{
    struct named noise = make_noise(LIMIT_CHUNK_BYTES + 100, 2);
    const struct named *const all[] = {&noise};
    struct album *album = album_create(*state, ALBUM_FOLDER_BYTES);

    name_bytes(&noise);
    tell(album, all, 1);
    noise.made.bytes[LIMIT_CHUNK_BYTES] ^= 1;
    deliver(album, &noise, 0);
    assert_false(settle(album, 0));
    assert_false(album_has(album, noise.digest));
    assert_int_equal(figures(album).missing, 1);
    album_turn(album, 1000);
    assert_wish(album, NULL);
    assert_true(album_next_ms(album) <= 60000);
    album_turn(album, 60000);
    assert_wish(album, &noise);
    noise.made.bytes[LIMIT_CHUNK_BYTES] ^= 1;
    deliver(album, &noise, 60000);
    assert_true(settle(album, 60000));
    assert_true(album_has(album, noise.digest));
    album_destroy(album);
    free(noise.made.bytes);
}

static void a_file_that_is_spoilt_is_fetched_again(void **state)
{
    const char *folder = *state;
    struct named noise = make_noise(1000, 3);
    const struct named *const all[] = {&noise};
    char foreign[] = "holiday.txt", unfinished[PICTURE_DIGEST_BYTES + 8];

    name_bytes(&noise);
    snprintf(unfinished, sizeof unfinished, "%s.1.new", noise.digest);
    assert_true(folder_write(folder, noise.digest, "cut by a power cut"));
    assert_true(folder_write(folder, unfinished, "half"));
    assert_true(folder_write(folder, foreign, "of somebody"));
    struct album *album = album_create(folder, ALBUM_FOLDER_BYTES);
    tell(album, all, 1);
    assert_wish(album, NULL);
    settle(album, 0);
    album_turn(album, 0);
    assert_false(album_has(album, noise.digest));
    assert_wish(album, &noise);
    deliver(album, &noise, 0);
    settle(album, 0);
    assert_true(album_has(album, noise.digest));
    char *left = folder_read(folder, unfinished);
    char *kept = folder_read(folder, foreign);
    assert_null(left);
    assert_non_null(kept);
    free(kept);
    album_destroy(album);
    free(noise.made.bytes);
}

/* After a power cut a file may have its length and none of its bytes. */
static void no_rest_of_a_power_cut_is_taken_for_a_picture(void **state)
{
    const char *folder = *state;
    struct named png = make_png();
    const struct named *const all[] = {&png};

    name_bytes(&png);
    const struct {
        size_t size, written; /* behind these: zeros */
    } rests[] = {
        {png.made.size, 0},
        {png.made.size, png.made.size / 2},
        {png.made.size, png.made.size - 1},
        {png.made.size - 1, png.made.size - 1},
        {0, 0},
    };
    for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++) {
        unsigned char *left = calloc(1, png.made.size);
        assert_non_null(left);
        memcpy(left, png.made.bytes, rests[i].written);
        write_file(folder, png.digest, left, rests[i].size);
        free(left);
        struct album *album = album_create(folder, ALBUM_FOLDER_BYTES);
        tell(album, all, 1);
        settle(album, 0);
        assert_false(album_has(album, png.digest));
        album_turn(album, 0);
        assert_wish(album, &png);
        deliver(album, &png, 0);
        settle(album, 0);
        assert_true(album_has(album, png.digest));
        album_destroy(album);
    }
    free(png.made.bytes);
}

/* The card under a screen that runs for years spoils what was right. */
static void a_file_that_spoils_while_it_runs_is_fetched_again(void **state)
{
    const char *folder = *state;
    struct named png = make_png();
    const struct named *const all[] = {&png};
    const struct image_part whole = {0, 0, WIDE, HIGH};
    struct album *album = album_create(folder, ALBUM_FOLDER_BYTES);
    unsigned char *zeros = calloc(1, png.made.size);

    name_bytes(&png);
    tell(album, all, 1);
    deliver(album, &png, 0);
    settle(album, 0);
    assert_true(album_has(album, png.digest));
    write_file(folder, png.digest, zeros, png.made.size);
    assert_true(album_pixels(album, png.digest, &whole, 40, 30).due);
    assert_true(settle(album, 10));
    assert_false(album_has(album, png.digest));
    assert_int_equal(figures(album).spoilt, 0);
    assert_int_equal(figures(album).missing, 1);
    assert_int_equal(figures(album).folder_bytes, 0);
    album_turn(album, 20);
    assert_wish(album, &png);
    deliver(album, &png, 20);
    assert_true(settle(album, 30));
    assert_true(album_pixels(album, png.digest, &whole, 40, 30).due);
    settle(album, 40);
    assert_non_null(album_pixels(album, png.digest, &whole, 40, 30).pixels);
    album_destroy(album);
    free(zeros);
    free(png.made.bytes);
}

static void what_cannot_be_decoded_leaves_the_words(void **state)
{
    struct named noise = make_noise(5000, 4);
    const struct named *const all[] = {&noise};
    const struct image_part whole = {0, 0, WIDE, HIGH};
    struct album *album = album_create(*state, ALBUM_FOLDER_BYTES);

    name_bytes(&noise);
    tell(album, all, 1);
    deliver(album, &noise, 0);
    assert_true(settle(album, 0));
    assert_true(album_pixels(album, noise.digest, &whole, 40, 30).due);
    assert_true(settle(album, 0));
    assert_false(album_has(album, noise.digest));
    assert_false(album_pixels(album, noise.digest, &whole, 40, 30).due);
    assert_int_equal(figures(album).spoilt, 1);
    assert_int_equal(figures(album).missing, 0);
    assert_wish(album, NULL);
    album_destroy(album);
    free(noise.made.bytes);
}

static void
what_no_panel_names_leaves_first_and_the_room_is_bounded(void **state)
{
    enum { SIZE = 10000, COUNT = 4 };
    struct named noise[COUNT];
    struct album *album = album_create(*state, 3 * SIZE);

    for (unsigned i = 0; i < COUNT; i++) {
        noise[i] = make_noise(SIZE, 10 + i);
        name_bytes(&noise[i]);
    }
    const struct named *const first[] = {&noise[0], &noise[1], &noise[2]};
    tell(album, first, 3);
    for (int i = 0; i < 3; i++) {
        const char *digest = album_wish(album).digest;
        int which = 0;
        assert_non_null(digest);
        while (strcmp(noise[which].digest, digest) != 0)
            which++;
        deliver(album, &noise[which], 0);
        settle(album, 0);
        assert_true(album_has(album, noise[which].digest));
    }
    const struct named *const then[] = {&noise[0], &noise[2], &noise[3]};
    tell(album, then, 3);
    assert_wish(album, &noise[3]);
    deliver(album, &noise[3], 0);
    settle(album, 0);
    assert_false(album_has(album, noise[1].digest));
    for (int i = 0; i < 3; i++)
        assert_true(album_has(album, then[i]->digest));
    assert_int_equal(figures(album).folder_bytes, 3 * SIZE);
    /* All of them are named: one has no room. */
    const struct named *const more[] = {&noise[0], &noise[1], &noise[2],
                                        &noise[3]};
    tell(album, more, COUNT);
    album_turn(album, 0);
    assert_wish(album, NULL);
    assert_int_equal(figures(album).missing, 1);
    assert_int_equal(figures(album).folder_bytes, 3 * SIZE);
    album_destroy(album);
    for (int i = 0; i < COUNT; i++)
        free(noise[i].made.bytes);
}

static void a_picture_that_does_not_come_does_not_keep_the_others(void **state)
{
    struct named noise[] = {make_noise(100, 20), make_noise(200, 21)};
    const struct named *const all[] = {&noise[0], &noise[1]};
    struct album *album = album_create(*state, ALBUM_FOLDER_BYTES);

    name_bytes(&noise[0]);
    name_bytes(&noise[1]);
    album_turn(album, 0);
    tell(album, all, 2);
    album_turn(album, 0);
    const struct album_wish first = album_wish(album);
    char digest[PICTURE_DIGEST_BYTES + 1];
    snprintf(digest, sizeof digest, "%s", first.digest);
    album_turn(album, ALBUM_PATIENCE_MS - 1);
    assert_string_equal(album_wish(album).digest, digest);
    album_turn(album, ALBUM_PATIENCE_MS);
    assert_string_not_equal(album_wish(album).digest, digest);
    assert_int_not_equal(album_wish(album).round, first.round);
    album_destroy(album);
    free(noise[0].made.bytes);
    free(noise[1].made.bytes);
}

static void without_a_folder_pictures_are_kept_in_memory(void **state)
{
    struct named png = make_png();
    const struct named *const all[] = {&png};
    const struct image_part whole = {0, 0, WIDE, HIGH};
    struct album *album = album_create("", ALBUM_FOLDER_BYTES);

    (void)state;
    name_bytes(&png);
    tell(album, all, 1);
    deliver(album, &png, 0);
    settle(album, 0);
    assert_true(album_has(album, png.digest));
    album_pixels(album, png.digest, &whole, 8, 6);
    settle(album, 0);
    assert_non_null(album_pixels(album, png.digest, &whole, 8, 6).pixels);
    album_destroy(album);
    free(png.made.bytes);
}

static int open_folder(void **state)
{
    *state = folder_make();
    return *state ? 0 : -1;
}

static int close_folder(void **state)
{
    folder_remove(*state);
    free(*state);
    return 0;
}

#define IN_FOLDER(test)                                                        \
    cmocka_unit_test_setup_teardown(test, open_folder, close_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_named_picture_is_fetched_kept_and_there_after_a_restart),
        IN_FOLDER(bytes_that_nobody_asked_for_change_nothing),
        IN_FOLDER(other_bytes_than_the_digest_says_are_asked_for_again_later),
        IN_FOLDER(a_file_that_is_spoilt_is_fetched_again),
        IN_FOLDER(no_rest_of_a_power_cut_is_taken_for_a_picture),
        IN_FOLDER(a_file_that_spoils_while_it_runs_is_fetched_again),
        IN_FOLDER(what_cannot_be_decoded_leaves_the_words),
        IN_FOLDER(what_no_panel_names_leaves_first_and_the_room_is_bounded),
        IN_FOLDER(a_picture_that_does_not_come_does_not_keep_the_others),
        cmocka_unit_test(without_a_folder_pictures_are_kept_in_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
