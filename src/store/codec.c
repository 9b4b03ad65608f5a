/* src/store/codec.c - replaced by the store. */
typedef int store_codec_unit;
