using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

/// <summary>What live events left behind, whole and broken.</summary>
public class LiveArchiveTests
{
    private const long Start = 1_544_716_459;

    private static decimal Origin(MadeStream stream) => (decimal)stream.Chunks[0].Name / stream.Timescale;

    [Theory]
    [InlineData("vod-fmp4", MadeTimes.SmoothTime, 0, AssetFormat.LiveArchive)]
    [InlineData("vod-fmp4", MadeTimes.None, 0, AssetFormat.LiveArchive)]
    [InlineData("live-fmp4", MadeTimes.SmoothTime, 0, AssetFormat.LiveArchive)]
    [InlineData("vod-cmaf", MadeTimes.DecodeTime, 0, AssetFormat.LiveArchiveCmaf)]
    [InlineData("ll-cmaf", MadeTimes.DecodeTime, 5, AssetFormat.LiveArchiveCmaf)]
    public async Task Samples_keep_their_times_less_that_of_the_first(string format, MadeTimes times, int chunkSamples, AssetFormat expected)
    {
        (MadeStream video, MadeStream audio) = Read.Streams(startSeconds: Start, times: times);
        var maker = new LiveArchiveMaker(format) { Streams = [video, audio], ChunkSamples = chunkSamples };

        (AssetContent content, Presentation presentation) = await Read.AssetAsync(maker.ToStore());

        Assert.Equal(expected, content.Format);
        presentation.Of(TrackKind.Video).HasTimesOf(video, Origin(audio));
        presentation.Of(TrackKind.Audio).HasTimesOf(audio, Origin(audio));
        Assert.Equal(["Rebased"], presentation.Codes());
    }

    [Theory]
    [InlineData(90000u, 48000u, true)]
    [InlineData(1000u, 1000u, true)]
    [InlineData(90000u, 48000u, false)]
    public async Task Each_stream_counts_in_its_own_timescale(uint video, uint audio, bool hasManifest)
    {
        (MadeStream frames, MadeStream sound) = Read.Streams(video, audio, 5000, MadeTimes.None);
        var maker = new LiveArchiveMaker("vod-fmp4") { Streams = [frames, sound], HasClientManifest = hasManifest };

        (_, Presentation presentation) = await Read.AssetAsync(maker.ToStore());

        presentation.Of(TrackKind.Video).HasTimesOf(frames, Origin(sound));
        presentation.Of(TrackKind.Audio).HasTimesOf(sound, Origin(sound));
    }

    /// <summary>Issue 252 of Azure/azure-media-migration; sample durations missing in the run are issue 251.</summary>
    [Fact]
    public async Task Issue_251_and_252_durations_that_stand_in_tfhd_alone_are_taken()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        video.HasDefaultDurations = audio.HasDefaultDurations = true;

        (_, Presentation presentation) = await Read.AssetAsync(new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore());

        presentation.Of(TrackKind.Video).HasTimesOf(video, Origin(audio));
    }

    [Fact]
    public async Task Streams_that_start_apart_and_whose_first_fragments_aged_out_stay_apart()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        video.Lose(0, 2);
        audio.Lose(0, 5);

        (_, Presentation presentation) = await Read.AssetAsync(new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore());

        presentation.Of(TrackKind.Video).HasTimesOf(video, Origin(video));
        presentation.Of(TrackKind.Audio).HasTimesOf(audio, Origin(video));
    }

    [Fact]
    public async Task What_starts_before_0_keeps_its_distance()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.SmoothTime);
        video.Jump(0, -5_000_000);
        audio.Jump(0, -5_000_000);

        (_, Presentation presentation) = await Read.AssetAsync(new LiveArchiveMaker("vod-fmp4") { Streams = [video, audio] }.ToStore());

        presentation.Of(TrackKind.Video).HasTimesOf(video);
        presentation.Of(TrackKind.Audio).HasTimesOf(audio);
    }

    /// <summary>Issues 160 and 255 of Azure/azure-media-migration.</summary>
    [Fact]
    public async Task Issue_160_and_255_missing_fragments_leave_a_gap_and_are_named()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(startSeconds: Start, times: MadeTimes.SmoothTime);
        long lost = video.Chunks[4].Name;
        video.Lose(4, 2, isListed: true);

        (_, Presentation presentation) = await Read.AssetAsync(new LiveArchiveMaker("vod-fmp4") { Streams = [video, audio] }.ToStore());

        presentation.Of(TrackKind.Video).HasTimesOf(video, Origin(audio));
        PackagingWarning warning = Assert.Single(presentation.Warnings, w => w.Code == "FragmentsMissing");
        Assert.Equal($"The client manifest lists 2 fragments that are not there, the first of them '{lost}'.", warning.Message);
    }

    [Fact]
    public async Task Empty_and_truncated_blobs_are_named_and_what_is_whole_is_read()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        video.Chunks[3].CutTo = 0;
        video.Chunks[5].CutTo = 3000;

        (_, Presentation presentation) = await Read.AssetAsync(new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore());

        Track track = presentation.Of(TrackKind.Video);
        Assert.InRange(track.Samples.Count, 251, 274);
        Assert.Equal(12 * 25 * 3600, track.Samples.EndDecodeTime - track.Samples.FirstDecodeTime);
        Assert.Contains(presentation.Warnings, w => w.Code == "EmptyFragment" && w.File!.EndsWith($"/{video.Chunks[3].Name}", StringComparison.Ordinal));
        Assert.Contains(presentation.Warnings, w => w.Code == "TruncatedFile" && w.File!.EndsWith($"/{video.Chunks[5].Name}", StringComparison.Ordinal));
        Assert.Contains("TruncatedMedia", presentation.Codes());
    }

    [Fact]
    public async Task Overlapping_fragments_shorten_the_one_in_front()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        video.Jump(5, -3600 * 3);

        (_, Presentation presentation) = await Read.AssetAsync(new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore());

        Assert.Contains("OverlappingFragments", presentation.Codes());
        Track track = presentation.Of(TrackKind.Video);
        SampleCursor sixth = track.Samples.GetCursor(125);
        Assert.Equal(Math.Round((((decimal)video.Chunks[5].Name / 90000) - Origin(audio)) * 90000), track.ToPresentationTime(sixth.CompositionTime));
    }

    /// <summary>Sent again behind another name; frames of AC-3 all have one size.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_blob_of_AC_3_that_says_the_time_of_the_one_in_front_is_taken_once_where_it_is_the_same(bool isSame)
    {
        MadeStream audio = MadeStream.Of("../assets/ac3/clip.mp4", TrackKind.Audio, 48000, Start * 48000);
        MemoryAssetStore store = new LiveArchiveMaker("vod-cmaf") { Streams = [audio] }.ToStore();
        byte[] again = new byte[(await store.ListAsync(default)).Single(file => file.Path == $"{audio.Folder}/{audio.Chunks[1].Name}").Length];
        using (AmsMigration.Packaging.Storage.IByteSource blob = await store.OpenAsync($"{audio.Folder}/{audio.Chunks[1].Name}", default))
        {
            await blob.ReadAsync(0, again, 0, again.Length, default);
        }

        again[^1] ^= (byte)(isSame ? 0 : 1);
        store.With($"{audio.Folder}/{audio.Chunks[1].Name + 1}", again);

        (_, Presentation presentation) = await Read.AssetAsync(store);

        Assert.Contains(isSame ? "RepeatedFragment" : "FragmentTimeIgnored", presentation.Codes());
        int copied = isSame ? 0 : audio.Chunks[1].Samples.Count;
        SampleTable samples = presentation.Of(TrackKind.Audio).Samples;
        Assert.Equal(audio.Chunks.Sum(chunk => chunk.Samples.Count) + copied, samples.Count);
        Assert.Equal(audio.Chunks.Sum(chunk => chunk.Duration) + (copied * 1536), samples.EndDecodeTime - samples.FirstDecodeTime);
    }

    [Fact]
    public async Task The_track_of_fragments_may_have_another_number_than_that_of_the_header()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        MemoryAssetStore store = new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore();
        video.TrackId = 9;
        MemoryAssetStore other = new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore();
        using (AmsMigration.Packaging.Storage.IByteSource header = await store.OpenAsync($"{video.Folder}/header", default))
        {
            var bytes = new byte[header.Length];
            await header.ReadAsync(0, bytes, 0, bytes.Length, default);
            other.With($"{video.Folder}/header", bytes);
        }

        (_, Presentation presentation) = await Read.AssetAsync(other);

        presentation.Of(TrackKind.Video).HasTimesOf(video, Origin(audio));
    }

    [Fact]
    public async Task A_folder_without_its_header_is_named_and_the_others_play()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        MemoryAssetStore store = new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore().Without($"{audio.Folder}/header");

        (AssetContent content, Presentation presentation) = await Read.AssetAsync(store);

        presentation.Of(TrackKind.Video).HasTimesOf(video, Origin(video));
        PackagingWarning warning = Assert.Single(presentation.Warnings, w => w.Code == "HeaderMissing");
        Assert.Equal((audio.Folder, "There are 12 fragments but no blob 'header', which says how to decode them, and it cannot be rebuilt: the client manifest has no CodecPrivateData; the track is left out."), (warning.File, warning.Message));
        Assert.Equal(audio.Chunks.Count, content.OtherFiles.Count(file => file.Path.StartsWith(audio.Folder + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_archive_without_any_header_says_so()
    {
        (MadeStream video, _) = Read.Streams(90000, 48000, Start);
        MemoryAssetStore store = new LiveArchiveMaker("vod-cmaf") { Streams = [video] }.ToStore().Without($"{video.Folder}/header");

        AssetContent content = await AssetReader.ReadAsync(store, default);

        Assert.Empty(content.Presentations);
        Assert.Equal(["HeaderMissing", "NothingPlayable"], content.Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public async Task Folders_belong_to_their_streams_whatever_the_case_of_their_names()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, 5000, MadeTimes.None);
        audio.Language = "spa";
        string manifest = AssetManifests.Client([video, audio]);
        (video.Name, audio.Name) = ("Video", "AUDIO");
        MemoryAssetStore store = new LiveArchiveMaker("vod-fmp4") { Streams = [video, audio] }.ToStore().With("event.ismc", manifest);

        (_, Presentation presentation) = await Read.AssetAsync(store);

        Assert.Equal("es", presentation.Of(TrackKind.Audio).Language);
    }

    [Fact]
    public async Task Times_that_no_clock_has_are_named_and_the_fragments_follow_each_other()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(startSeconds: 900_000_000_000, times: MadeTimes.SmoothTime);

        (_, Presentation presentation) = await Read.AssetAsync(new LiveArchiveMaker("vod-fmp4") { Streams = [video, audio] }.ToStore());

        Assert.Equal(300, presentation.Of(TrackKind.Video).Samples.Count);
        Assert.Equal(2, presentation.Warnings.Count(w => w.Code == "FragmentTimeImpossible" && w.Message.Contains("has 12 fragments that claim to start thousands of years from 0 or years behind")));
    }

    [Fact]
    public async Task A_film_beside_an_archive_is_a_presentation_of_its_own()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        MemoryAssetStore store = new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore()
            .With("clip.ism", """<smil><head><meta name="formats" content="mp4-v3"/></head><body><switch><video src="clip.mp4"/><audio src="clip.mp4"/></switch></body></smil>""")
            .With("clip.mp4", new MovieBuilder().Video().Audio().Build());

        AssetContent content = await AssetReader.ReadAsync(store, default);

        Assert.Equal(["event", "clip"], content.Presentations.Select(presentation => presentation.Name));
        Assert.All(content.Presentations, presentation => Assert.Equal([TrackKind.Video, TrackKind.Audio], presentation.Tracks.Select(track => track.Kind).Order()));
        Assert.All(content.Presentations.SelectMany(p => p.Tracks.Select(track => (p, track))), entry => Assert.StartsWith(
            Path.GetDirectoryName(entry.track.SourceFile)!, entry.p.Files[entry.track.Samples.GetCursor().File].Path));
        Assert.Equal(["clip.ism", "event.ism", "event.ismc"], content.OtherFiles.Select(file => file.Path));
    }

    [Fact]
    public async Task Several_manifests_of_an_archive_play_the_folders_that_each_names_and_the_same_ones_once()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        (MadeStream later, MadeStream laterAudio) = Read.Streams(90000, 48000, Start + 100);
        (later.Name, laterAudio.Name) = ("video2", "audio2");
        MemoryAssetStore store = new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore();
        store.With(new LiveArchiveMaker("vod-cmaf") { Streams = [later, laterAudio] }.ToStore("second"));
        store.With("third.ism", AssetManifests.Server("event", "vod-cmaf", [video, audio], stream => (stream.Folder, stream.TrackId)));

        AssetContent content = await AssetReader.ReadAsync(store, default);

        Assert.Equal(["event", "second"], content.Presentations.Select(presentation => presentation.Name));
        content.Presentations[0].Of(TrackKind.Video).HasTimesOf(video, Origin(audio));
        content.Presentations[1].Of(TrackKind.Video).HasTimesOf(later, Origin(laterAudio));
        PackagingWarning warning = Assert.Single(content.Warnings);
        Assert.Equal(("SamePresentation", "third.ism"), (warning.Code, warning.File));
    }
}
