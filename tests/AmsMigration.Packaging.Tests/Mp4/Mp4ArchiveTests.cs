using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Sources.Mp4;
using AmsMigration.TestSupport;
using static AmsMigration.Packaging.Tests.Mp4.Mp4Reading;

namespace AmsMigration.Packaging.Tests.Mp4;

/// <summary>A header in one blob and fragments in others, as live archives have them.</summary>
public class Mp4ArchiveTests
{
    private static readonly IList<MadeSample> _frames = MadeTrack.Video(30).Samples;

    private static MadeFragment Part(int first, int count, Action<MadeTraf>? shape = null)
    {
        var traf = new MadeTraf { Samples = [.. _frames.Skip(first).Take(count)] };
        shape?.Invoke(traf);
        return MadeFragment.Of(traf);
    }

    private static async Task<Movie> OpenAsync() => await Mp4Reader.ReadMovieAsync(
        new CountingByteSource(new Mp4Maker { Tracks = [MadeTrack.Video(0)], Fragments = [] }.ToArray(), "header"), 0, default);

    private static Task AddAsync(Movie movie, int file, byte[] blob, FragmentStart? start = null) =>
        Mp4Reader.AddFragmentsAsync(movie, new CountingByteSource(blob, $"fragment{file}"), file, start, default);

    [Fact]
    public async Task Fragments_in_blobs_follow_each_other()
    {
        Movie movie = await OpenAsync();
        byte[][] blobs = [Part(0, 10).ToArray(0), Part(10, 20).ToArray(0)];
        await AddAsync(movie, 1, blobs[0]);
        await AddAsync(movie, 2, blobs[1]);
        List<ReadSample> samples = Assert.Single(movie.Finish().Tracks).Samples();
        Assert.Equal(30, samples.Count);
        for (int i = 0; i < samples.Count; i++)
        {
            ReadSample sample = samples[i];
            Assert.Equal((i * 40L, i < 10 ? 1 : 2), (sample.DecodeTime, sample.File));
            Assert.Equal(_frames[i].Data, blobs[sample.File - 1][(int)sample.Offset..(int)(sample.Offset + sample.Size)]);
        }
    }

    [Fact]
    public async Task A_low_latency_blob_holds_several_chunks()
    {
        Movie movie = await OpenAsync();
        List<byte> blob = [.. new TestBox("styp").Text("cmfl").U32(0).ToArray()];
        for (int i = 0; i < 5; i++)
        {
            MadeFragment chunk = Part(i * 6, 6, traf => traf.DecodeTime = 90_000 + (i * 240));
            chunk.Front = TestBox.Full("prft").Zeros(20).ToArray();
            blob.AddRange(chunk.ToArray(blob.Count));
        }

        await AddAsync(movie, 1, [.. blob]);
        Track track = Assert.Single(movie.Finish().Tracks);
        Assert.Equal((30, 90_000, 91_200), (track.Samples.Count, track.Samples.FirstDecodeTime, track.Samples.EndDecodeTime));
    }

    [Theory]
    [InlineData(null, false, 5000)]
    [InlineData(777L, false, 777)]
    [InlineData(777L, true, 5000)]
    public async Task A_time_that_is_given_counts_where_the_fragment_has_none_or_where_it_overrides(long? own, bool overrides, long expected)
    {
        Movie movie = await OpenAsync();
        await AddAsync(movie, 1, Part(0, 10, traf => traf.DecodeTime = own).ToArray(0), new FragmentStart(5000, IsPresentation: true, overrides));
        Assert.Equal(expected, Assert.Single(movie.Finish().Tracks).Samples.FirstDecodeTime);
    }

    [Fact]
    public async Task A_given_time_is_for_the_first_chunk_of_its_blob()
    {
        Movie movie = await OpenAsync();
        byte[] first = Part(0, 10).ToArray(0);
        await AddAsync(movie, 1, [.. first, .. Part(10, 10).ToArray(first.Length)], new FragmentStart(5000, IsPresentation: true));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => 5000L + (i * 40)), Assert.Single(movie.Finish().Tracks).Samples().Select(sample => sample.DecodeTime));
    }

    [Fact]
    public async Task What_was_added_is_told()
    {
        Movie movie = await OpenAsync();
        byte[] blob = Part(0, 10, traf => traf.SmoothTime = 4000).ToArray(0);
        var file = new MediaFile("fragment", 1, blob.Length);
        TrackFragment added = Assert.Single(await movie.AddFragmentAsync(IsoBmff.BoxReader.Open(blob, file.Path, 0), file));
        Assert.Equal(new TrackFragment(1, 0, 10, 4000, 0, FragmentTimeSource.SmoothTimeBox), added);
    }

    [Fact]
    public async Task A_blob_that_is_cut_off_leaves_a_gap_where_its_samples_are_missing()
    {
        Movie movie = await OpenAsync();
        byte[] blob = Part(0, 10).ToArray(0);
        await AddAsync(movie, 1, blob[..^60]);
        await AddAsync(movie, 2, Part(10, 10).ToArray(0));
        MediaFileContent content = movie.Finish();
        List<ReadSample> samples = content.Tracks[0].Samples();
        Assert.Equal(400, samples[^10].DecodeTime);
        Assert.InRange(samples.Count, 11, 19);
        Assert.Equal(["TruncatedFile", "TruncatedMedia"], content.Codes());
    }
}
