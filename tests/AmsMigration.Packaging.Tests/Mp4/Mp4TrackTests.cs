using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport;
using static AmsMigration.Packaging.Tests.Mp4.Mp4Reading;

namespace AmsMigration.Packaging.Tests.Mp4;

/// <summary>What tracks are, and which are left out.</summary>
public class Mp4TrackTests
{
    [Fact]
    public void A_track_has_what_its_header_says()
    {
        uint[] rotated = [0, 0x10000, 0, 0xFFFF0000, 0, 0, 180 << 16, 0, 0x40000000];
        MadeTrack video = MadeTrack.Video(3, id: 201);
        video.Matrix = rotated;
        Track track = ReadOne(video);
        Assert.Equal(201u, track.SourceTrackId);
        Assert.Equal((320u << 16, 180u << 16), (track.PresentationWidth, track.PresentationHeight));
        Assert.Equal(1000u, track.Timescale);
        Assert.Equal("made.mp4", track.SourceFile);
        Assert.Equal(36, track.Matrix!.Length);
        Assert.Equal(rotated, Enumerable.Range(0, 9).Select(i => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(track.Matrix.AsSpan(i * 4))));
    }

    [Fact]
    public void An_identity_matrix_or_none_is_no_matrix()
    {
        MadeTrack zeros = MadeTrack.Video(3, id: 2);
        zeros.Matrix = new uint[9];
        Assert.All(Read(MadeTrack.Video(3), zeros).Tracks, track => Assert.Null(track.Matrix));
    }

    [Theory]
    [InlineData("isom", 0x55C4, null)]
    [InlineData("isom", 0x15C7, "en")]
    [InlineData("isom", 0x10B5, "de")]
    [InlineData("isom", 0x1CB2, "de")]
    [InlineData("isom", 0x0000, null)]
    [InlineData("isom", 0x7FFF, null)]
    [InlineData("qt  ", 0x0000, "en")]
    [InlineData("qt  ", 11, "ja")]
    [InlineData("qt  ", 0x7FFF, null)]
    [InlineData("qt  ", 0x15C7, "en")]
    public void Languages_are_tags(string brand, int packed, string? expected)
    {
        MadeTrack audio = MadeTrack.Audio(3);
        audio.PackedLanguage = packed;
        Track track = Assert.Single(Read(new Mp4Maker { Brand = brand, Tracks = [audio] }).Tracks);
        Assert.Equal(expected, track.Language);
        Assert.Equal(expected is null ? "audio" : $"audio_{expected}", track.Name);
    }

    [Fact]
    public void An_extended_language_says_more()
    {
        MadeTrack audio = MadeTrack.Audio(3);
        audio.PackedLanguage = 0x15C7;
        audio.Bend = trak => trak["mdia"].With(TestBox.Full("elng").Text("pt-br\0"));
        Assert.Equal("pt-BR", ReadOne(audio).Language);
    }

    [Theory]
    [InlineData("VideoHandler", null)]
    [InlineData("SoundHandle", null)]
    [InlineData("Mainconcept MP4 Sound Media Handler", null)]
    [InlineData("ISO Media file produced by Google Inc. Created on: 01/02/2020.", null)]
    [InlineData("GPAC ISO Audio Handler", null)]
    [InlineData("Core Media Audio", null)]
    [InlineData("Video", null)]
    [InlineData("Stereo", null)]
    [InlineData("Track 2", null)]
    [InlineData("interview.264", null)]
    [InlineData("", null)]
    [InlineData("Audio Description", "Audio Description")]
    [InlineData(" Director's commentary ", "Director's commentary")]
    [InlineData("\u0007English", "English")]
    public void Only_a_name_for_people_is_a_label(string name, string? expected)
    {
        MadeTrack audio = MadeTrack.Audio(3);
        audio.HandlerName = name;
        Assert.Equal(expected, ReadOne(audio).Label);
    }

    [Fact]
    public void Roles_and_names_of_the_track_itself_are_taken()
    {
        MadeTrack audio = MadeTrack.Audio(3);
        audio.Bend = trak => trak.With(new TestBox("udta").With(
            new TestBox("name").Text("Commentary"),
            TestBox.Full("kind").Text("urn:mpeg:dash:role:2011\0commentary\0"),
            TestBox.Full("kind").Text("about:html-kind\0main-desc\0")));
        Track track = ReadOne(audio);
        Assert.Equal("Commentary", track.Label);
        Assert.Equal(["commentary"], track.Roles);
    }

    [Fact]
    public void The_enabled_track_is_the_default_where_others_are_disabled()
    {
        MadeTrack second = MadeTrack.Audio(3, id: 3);
        second.HeaderFlags = 6;
        MediaFileContent content = Read(MadeTrack.Video(3), MadeTrack.Audio(3), second);
        Assert.Equal([false, true, false], content.Tracks.Select(track => track.IsDefault));
    }

    [Theory]
    [InlineData("tmcd", "timecode")]
    [InlineData("meta", "metadata")]
    [InlineData("mdta", "metadata")]
    [InlineData("hint", "hint")]
    [InlineData("subt", "3GPP timed text")]
    [InlineData("xxxx", "'xxxx'")]
    public void What_is_neither_audio_nor_video_is_left_out_by_name(string handler, string name)
    {
        MadeTrack other = MadeTrack.Audio(3, id: 9);
        (other.Handler, other.Entries) = (handler, [handler == "subt" ? SampleEntries.Text : SampleEntries.Timecode]);
        MediaFileContent content = Read(MadeTrack.Video(3), other);
        Assert.Single(content.Tracks);
        LeftOutTrack left = Assert.Single(content.LeftOut);
        Assert.Equal((9u, name, false), (left.TrackId, left.Codec, left.IsMedia));
    }

    [Fact]
    public void Chapters_are_left_out_by_name()
    {
        MadeTrack video = MadeTrack.Video(3);
        video.Bend = trak => trak.With(new TestBox("tref").With(new TestBox("chap").U32(7).U32(8)));
        MadeTrack text = MadeTrack.Audio(3, id: 7);
        (text.Handler, text.Entries) = ("text", [SampleEntries.Text]);
        MediaFileContent content = Read(video, text, MadeTrack.Video(3, id: 8));
        Assert.Equal([1u], content.Tracks.Select(track => track.SourceTrackId));
        Assert.Equal([(7u, "chapters", false), (8u, "chapters", false)], content.LeftOut.Select(left => (left.TrackId, left.Codec, left.IsMedia)).Order());
    }

    [Fact]
    public void A_codec_that_cannot_be_carried_is_left_out_and_its_tables_are_not_read()
    {
        MadeTrack pcm = MadeTrack.Audio(3);
        pcm.Entries = [SampleEntries.Pcm];
        pcm.Bend = trak => trak.Remove("mdia/minf/stbl/stsz");
        MediaFileContent content = Read(MadeTrack.Video(3), pcm);
        Assert.Single(content.Tracks);
        LeftOutTrack left = Assert.Single(content.LeftOut);
        Assert.Equal(("PCM", true), (left.Codec, left.IsMedia));
    }

    [Fact]
    public void Media_in_another_file_is_left_out()
    {
        MadeTrack video = MadeTrack.Video(3);
        video.Bend = trak =>
        {
            trak.Remove("mdia/minf/dinf/dref");
            trak["mdia/minf/dinf"].With(TestBox.Full("dref").U32(1).With(TestBox.Full("url ").Text("file:///C:/media/video.mov\0")));
        };
        LeftOutTrack left = Assert.Single(Read(video, MadeTrack.Audio(3)).LeftOut);
        Assert.Contains("another file", left.Reason);
    }

    [Theory]
    [InlineData("mdia/minf/stbl/stsz", "'stbl' has no 'stsz'")]
    [InlineData("mdia/minf/stbl/stts", "'stbl' has no 'stts'")]
    [InlineData("mdia/minf/stbl/stco", "'stbl' has no 'stco'")]
    [InlineData("mdia/mdhd", "'mdia' has no 'mdhd'")]
    [InlineData("tkhd", "'trak' has no 'tkhd'")]
    public void A_track_without_a_box_it_needs_costs_itself_alone(string path, string reason)
    {
        MadeTrack broken = MadeTrack.Video(3, id: 5);
        broken.Bend = trak => trak.Remove(path);
        MediaFileContent content = Read(broken, MadeTrack.Audio(3));
        Assert.Equal(TrackKind.Audio, Assert.Single(content.Tracks).Kind);
        LeftOutTrack left = Assert.Single(content.LeftOut);
        Assert.True(left.IsMedia);
        Assert.Contains(reason, left.Reason);
        Assert.Contains("made.mp4, offset", left.Reason);
    }

    [Fact]
    public void Of_two_tracks_with_one_id_the_second_is_left_out()
    {
        MediaFileContent content = Read(MadeTrack.Video(3), MadeTrack.Video(4));
        Assert.Equal(3, Assert.Single(content.Tracks).Samples.Count);
        Assert.Contains("same track_ID", Assert.Single(content.LeftOut).Reason);
    }

    [Fact]
    public void A_track_without_samples_is_left_out()
    {
        MadeTrack empty = MadeTrack.Video(0);
        Assert.Contains("no samples", Assert.Single(Read(empty, MadeTrack.Audio(3)).LeftOut).Reason);
    }
}
