using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Tests.Planning;

public class PlanMassTests
{
    private static readonly string[] _refusals =
        ["TimeOutOfRange", "SampleOutsideFile", "CompositionOffsetTooLarge", "FragmentTooLarge", "InvalidTimescale"];

    private static readonly uint[] _timescales = [1, 1000, 12_800, 24_000, 30_000, 44_100, 48_000, 90_000, 10_000_000];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_sample_of_a_random_presentation_is_found_again_at_its_time(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 100; i++)
        {
            Track[] tracks = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => MakeTrack(random))];
            OutputLayout layout = random.Next(2) == 0 ? OutputLayout.SingleFile : OutputLayout.Segmented;
            PackagingPlan plan = TestPresentation.Plan(layout, random.Next(1, 80) / 10.0, tracks);
            PlanInvariants.Check(plan, TestPresentation.Source);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Our_own_reader_reads_every_sample_back(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 100; i++)
        {
            OutputLayout layout = random.Next(2) == 0 ? OutputLayout.SingleFile : OutputLayout.Segmented;
            PackagingPlan plan = TestPresentation.Plan(layout, random.Next(1, 80) / 10.0, MakeTrack(random), MakeTrack(random));
            foreach (Rendition rendition in plan.Renditions.Where(r => r.Track.Kind != TrackKind.Text))
            {
                await PlanInvariants.CheckReadBackAsync(plan, rendition, TestPresentation.Source);
            }
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void Absurd_numbers_are_planned_or_refused_with_a_reason(int seed)
    {
        var random = new Random(seed);
        int planned = 0;
        for (int i = 0; i < 500; i++)
        {
            Track[] tracks = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => MakeAbsurdTrack(random))];
            try
            {
                OutputLayout layout = random.Next(2) == 0 ? OutputLayout.SingleFile : OutputLayout.Segmented;
                PackagingPlan plan = TestPresentation.Plan(layout, 1 << random.Next(20), tracks);
                Assert.All(plan.Files, file => Assert.Equal(file.Length, file.Extents.Sum(e => e.Length)));
                Assert.All(plan.Renditions.SelectMany(r => r.Fragments), f => Assert.True(f.DecodeTime >= 0 && f.Start >= 0));
                Assert.All(plan.Renditions.SelectMany(r => r.Segments), s => Assert.True(s.Duration >= 0));
                planned++;
            }
            catch (PackagingException e)
            {
                Assert.Contains(e.Code, _refusals);
            }
        }

        Assert.InRange(planned, 50, 499);
    }

    private static Track MakeAbsurdTrack(Random random)
    {
        var samples = new SampleTableBuilder();
        for (int i = random.Next(1, 40); i > 0; i--)
        {
            if (random.Next(20) == 0)
            {
                samples.SetDecodeTime(Absurd(random, 61));
            }

            int file = random.Next(200) == 0 ? random.Next(3) : 1;
            uint duration = (uint)Math.Abs(Absurd(random, 32));
            uint size = (uint)Math.Abs(Absurd(random, 28));
            samples.Add(duration, (int)Absurd(random, 31), size, random.Next(3) == 0, file, Math.Abs(Absurd(random, 40)));
        }

        uint timescale = random.Next(100) == 0 ? 0 : (uint)Math.Max(1, Absurd(random, 31));
        Track track = random.Next(3) switch
        {
            0 => TestPresentation.Video(samples.Build(), timescale),
            1 => TestPresentation.Audio(samples.Build(), timescale),
            _ => TestPresentation.Text(samples.Build(), timescale),
        };
        return track with
        {
            MediaTime = random.Next(3) == 0 ? Absurd(random, 61) : 0,
            Delay = random.Next(3) == 0 ? Absurd(random, 61) : 0,
            NominalBitrate = Math.Abs(Absurd(random, 62)),
            RollDistance = (int)Math.Abs(Absurd(random, 30)),
            PresentationWidth = (uint)Absurd(random, 32),
            PresentationHeight = (uint)Absurd(random, 32),
        };
    }

    private static long Absurd(Random random, int bits)
    {
        int width = random.Next(40) == 0 ? random.Next(bits + 1) : random.Next(Math.Min(bits, 16));
        long value = random.NextInt64(1L << width);
        return random.Next(4) == 0 ? -value : value;
    }

    private static Track MakeTrack(Random random)
    {
        uint timescale = _timescales[random.Next(_timescales.Length)];
        TrackKind kind = (TrackKind)random.Next(3);
        SampleTable samples = MakeSamples(random, timescale, kind);
        Track track = kind switch
        {
            TrackKind.Video => TestPresentation.Video(samples, timescale),
            TrackKind.Audio => TestPresentation.Audio(samples, timescale),
            _ => TestPresentation.Text(samples, timescale),
        };
        long second = timescale;
        return track with
        {
            MediaTime = random.Next(3) == 0 ? random.NextInt64(-second, second) : 0,
            Delay = random.Next(3) == 0 ? random.NextInt64(-second, 5 * second) : 0,
            RollDistance = kind == TrackKind.Audio ? random.Next(2) : 0,
            Descriptions = [.. Enumerable.Range(0, 3).Select(_ => track.Descriptions[0])],
        };
    }

    private static SampleTable MakeSamples(Random random, uint timescale, TrackKind kind)
    {
        var builder = new SampleTableBuilder();
        int count = random.Next(1, 400);
        int usual = Math.Max(1, (int)(timescale / random.Next(1, 60)));
        int gop = random.Next(1, 100);
        int jumps = random.Next(4) == 0 ? 50 : int.MaxValue;
        bool isRegular = random.Next(2) == 0;
        builder.SetDecodeTime(random.Next(3) == 0 ? random.NextInt64(-timescale, 100L * timescale) : random.Next(8) == 0 ? 1L << 35 : 0);
        bool isSync = false;
        for (int i = 0; i < count; i++)
        {
            if (random.Next(jumps) == 0)
            {
                builder.SetDecodeTime(builder.DecodeTime + random.NextInt64(0, 30L * timescale));
            }

            uint duration = (uint)(isRegular ? usual : random.Next(0, 2 * usual));
            int offset = kind == TrackKind.Video ? random.Next(-2, 4) * usual : 0;
            int size = random.Next(10) == 0 ? 0 : random.Next(1, 300);

            // Readers take pictures for flagged wrongly that are reordered and all sync samples.
            isSync = kind != TrackKind.Video ? random.Next(50) > 0 : !isSync && (isRegular ? i % gop == 0 : random.Next(gop) == 0);
            builder.Add(duration, offset, (uint)size, isSync, 0, random.Next(TestPresentation.Source.Length - 300), i * 3 / count);
        }

        return builder.Build();
    }
}
