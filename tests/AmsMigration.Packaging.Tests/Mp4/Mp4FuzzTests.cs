using System.Buffers.Binary;
using System.Diagnostics;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Tests.Protection;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Mp4;

/// <summary>
/// Whatever a file holds, reading it ends with a result or a <see cref="PackagingException"/>, soon, and with memory in proportion to the file. Seeded, so
/// that a failure can be had again.
/// </summary>
public class Mp4FuzzTests
{
    private const int Rounds = 1500;

    /// <summary>Of allocations in all, most of them short-lived.</summary>
    private const int BytesPerByte = 400;
    private const int BytesInAnyCase = 4 * 1024 * 1024;

    private static readonly uint[] _lies = [0, 1, 2, 7, 8, 15, 16, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF, 0x10000, 0x01000000];

    public static TheoryData<string> MadeFiles => [.. Files.Keys];

    public static TheoryData<string> Fixtures =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "tests", "fixtures"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".mp4" or ".mov" or ".ismv" or ".isma" or ".m4a" && new FileInfo(file).Length < 300_000)
            .Where(file => !Path.GetFileName(Path.GetDirectoryName(file))!.StartsWith("damaged", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    private static Dictionary<string, Func<byte[]>> Files { get; } = new()
    {
        ["progressive"] = () =>
        {
            MadeTrack video = MadeTrack.Video(40);
            video.Edits = [(500, -1, 0x10000), (1000, 80, 0x10000), (200, 300, 0x8000)];
            video.Samples = [.. video.Samples.Select((sample, i) => sample with { CompositionOffset = i % 3 * 40 })];
            video.Bend = trak =>
            {
                trak.With(new TestBox("udta").With(TestBox.Full("kind").Text("urn:mpeg:dash:role:2011\0main\0"), new TestBox("name").Text("Name")));
                trak["mdia/minf/stbl"].With(
                    TestBox.Full("sdtp").Zeros(40),
                    TestBox.Full("sgpd", 1).Text("roll").U32(2).U32(1).U16(0xFFFF),
                    TestBox.Full("sbgp").Text("rap ").U32(1).U32(40).U32(1));
            };
            MadeTrack audio = MadeTrack.Audio(60);
            (audio.CompactSizeBits, audio.HasLargeOffsets) = (8, true);
            return new Mp4Maker { Tracks = [video, audio], IsMovieLast = true }.ToArray();
        },
        ["fragmented"] = () =>
        {
            IList<MadeSample> frames = MadeTrack.Video(60).Samples;
            IEnumerable<MadeFragment> fragments = Enumerable.Range(0, 6).Select(i => MadeFragment.Of(
                new MadeTraf { Samples = [.. frames.Skip(i * 10).Take(10)], DecodeTime = i * 395, Base = (MadeBase)(i % 3), Dependencies = new byte[10], FlagsFirstOnly = i % 2 == 0 },
                new MadeTraf { TrackId = 2, Samples = [.. frames.Take(6)], SmoothTime = i * 240, Defaults = MadeDefaults.InHeader, SamplesPerRun = 2, Description = 1 }));
            return new Mp4Maker { Tracks = [MadeTrack.Video(0), MadeTrack.Audio(0)], Fragments = [.. fragments] }.ToArray();
        },
        ["cenc"] = () => EncryptedFile.MakeAsync(ProtectionScheme.Cenc).GetAwaiter().GetResult(),
        ["cbcs"] = () => EncryptedFile.MakeAsync(ProtectionScheme.Cbcs).GetAwaiter().GetResult(),
        ["piff"] = () => EncryptedFile.ToPiff(EncryptedFile.MakeAsync(ProtectionScheme.Cenc).GetAwaiter().GetResult()),
        ["encrypted"] = () => System.IO.File.ReadAllBytes(EncryptedFile.Progressive),
    };

    [Theory]
    [MemberData(nameof(MadeFiles))]
    public void Made_files_that_are_damaged_do_no_harm(string name) => Fuzz(Files[name](), Rounds * 4);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Fixtures_that_are_damaged_do_no_harm(string path) => Fuzz(System.IO.File.ReadAllBytes(Path.Combine(Repository.Root, path)), 150);

    private static void Fuzz(byte[] file, int rounds)
    {
        int results = 0;
        for (int seed = 0; seed < rounds; seed++)
        {
            results += Try(Damage(file, new Random(seed)), seed) ? 1 : 0;
        }

        Assert.InRange(results, 1, rounds);
    }

    /// <summary>Bit flips, lies in 32-bit fields, cuts, and pieces that are gone, doubled or swapped; most where headers are.</summary>
    private static byte[] Damage(byte[] file, Random random)
    {
        var damaged = (byte[])file.Clone();
        int[] headers = FindHeaders(file);
        for (int faults = random.Next(1, 5); faults > 0 && damaged.Length > 16; faults--)
        {
            int at = random.Next(3) == 0 || headers.Length == 0
                ? random.Next(damaged.Length - 8)
                : Math.Min(damaged.Length - 8, headers[random.Next(headers.Length)] + random.Next(-4, 40));
            at = Math.Max(0, at);
            int length = random.Next(1, Math.Min(200, damaged.Length - at));
            switch (random.Next(6))
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 or 2:
                    BinaryPrimitives.WriteUInt32BigEndian(damaged.AsSpan(at & ~3), _lies[random.Next(_lies.Length)]);
                    break;
                case 3:
                    damaged = random.Next(4) == 0 ? damaged[..at] : damaged;
                    break;
                case 4:
                    damaged = [.. damaged[..at], .. damaged[(at + length)..]];
                    break;
                default:
                    damaged = [.. damaged[..(at + length)], .. damaged[at..]];
                    break;
            }
        }

        return damaged;
    }

    private static int[] FindHeaders(byte[] file)
    {
        string[] types = ["moov", "trak", "tkhd", "elst", "mdhd", "hdlr", "stsd", "stts", "ctts", "stss", "stsc", "stsz", "stz2", "stco", "co64", "sgpd", "sbgp", "trex", "moof", "tfhd", "tfdt", "trun", "sdtp", "uuid", "schm", "tenc", "senc", "saiz"];
        List<int> found = [];
        foreach (byte[] type in types.Select(System.Text.Encoding.ASCII.GetBytes))
        {
            for (int at = file.AsSpan().IndexOf(type); at >= 0 && found.Count < 1000;)
            {
                found.Add(at);
                int next = file.AsSpan(at + 4).IndexOf(type);
                at = next < 0 ? -1 : at + 4 + next;
            }
        }

        return [.. found];
    }

    private static bool Try(byte[] file, int seed)
    {
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isResult = true;
        try
        {
            MediaFileContent content = Mp4Reading.Read(file);
            Assert.All(content.Tracks, track => AssertSound(track, file.Length));
        }
        catch (PackagingException)
        {
            isResult = false;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < BytesInAnyCase + ((long)BytesPerByte * file.Length), $"seed {seed}: {allocated} bytes for a file of {file.Length}");
        Assert.True(clock.ElapsedMilliseconds < 5000, $"seed {seed}: {clock.ElapsedMilliseconds} ms");
        return isResult;
    }

    private static void AssertSound(Track track, long fileLength)
    {
        Assert.True(track.Samples.Count > 0 && track.Descriptions.Count > 0 && track.Timescale > 0);
        long time = track.Samples.FirstDecodeTime;
        for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            Assert.True(sample.Offset >= 0 && sample.Offset + sample.Size <= fileLength && sample.DecodeTime >= time && sample.Description < track.Descriptions.Count);
            time = sample.DecodeTime + sample.Duration;
        }

        Assert.True(track.Samples.EndDecodeTime >= time);
    }
}
