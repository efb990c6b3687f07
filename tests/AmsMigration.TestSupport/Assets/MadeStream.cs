using AmsMigration.Packaging;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.TestSupport.Assets;

/// <summary>How fragments say when they start.</summary>
public enum MadeTimes
{
    /// <summary>tfdt: decoding of the first sample.</summary>
    DecodeTime,

    /// <summary>tfxd: presentation of the first sample.</summary>
    SmoothTime,

    /// <summary>Not at all: manifests and names say it.</summary>
    None,
}

/// <summary>A fragment of a made stream.</summary>
/// <param name="time">Of decoding its first sample, ticks.</param>
public sealed class MadeChunk(long time, IList<MadeSample> samples)
{
    public long Time { get; set; } = time;

    public IList<MadeSample> Samples { get; } = samples;

    /// <summary>Of presentation: names the blob and stands in manifests.</summary>
    public long Name => Time + Samples[0].CompositionOffset;

    public long Duration => Samples.Sum(sample => (long)sample.Duration);

    /// <summary>In front of all else in its blob.</summary>
    public byte[] Front { get; set; } = [];

    /// <summary>Bytes that are left of its blob; null for all.</summary>
    public int? CutTo { get; set; }
}

/// <summary>One track as an encoder sent it: real samples in fragments. Tests break it before an asset is made of it.</summary>
public sealed class MadeStream
{
    public required string Type { get; init; }

    public required string Name { get; set; }

    public long Bitrate { get; set; }

    public string Language { get; set; } = "";

    public required uint Timescale { get; set; }

    public uint TrackId { get; set; } = 1;

    public required byte[] Entry { get; set; }

    public (int Width, int Height) Size { get; init; }

    public List<MadeChunk> Chunks { get; set; } = [];

    public MadeTimes Times { get; set; }

    public byte RunVersion { get; set; } = 1;

    /// <summary>sample_description_index of every tfhd; null for none.</summary>
    public uint? Description { get; set; }

    /// <summary>Durations stand in tfhd alone, as far as they are all the same.</summary>
    public bool HasDefaultDurations { get; set; }

    /// <summary>Of the client manifest; empty where encoders leave it so.</summary>
    public string FourCC { get; set; } = "";

    public string CodecPrivateData { get; set; } = "";

    public string Folder => $"{Name}_{Bitrate}";

    /// <summary>The video or audio of a file in <c>tests/fixtures/sources</c>.</summary>
    /// <param name="fragment">Seconds; video begins a fragment at the next sync sample.</param>
    /// <param name="start">Ticks of the presentation's start.</param>
    public static MadeStream Of(string fixture, TrackKind kind, uint timescale, long start = 0, double fragment = 1)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "fixtures", "sources", fixture));
        MediaFileContent content = Mp4Reader.ReadAsync(new CountingByteSource(file, fixture), 0, default).GetAwaiter().GetResult();
        Track track = content.Tracks.First(t => t.Kind == kind);
        var stream = new MadeStream
        {
            Type = kind.ToString().ToLowerInvariant(),
            Name = kind.ToString().ToLowerInvariant(),
            Timescale = timescale,
            Bitrate = kind == TrackKind.Video ? 1_000_000 : 128_000,
            Entry = track.Descriptions[0].Entry,
            Size = (track.Descriptions[0].Codec.Width, track.Descriptions[0].Codec.Height),
        };
        List<MadeSample> samples = [];
        long chunkStart = 0;
        long ToTicks(long time) => start + TimeMath.Rescale(time - track.MediaTime + track.Delay, track.Timescale, timescale);
        for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            long time = ToTicks(sample.DecodeTime);
            if (samples.Count > 0 && sample.IsSync && time - chunkStart >= fragment * timescale * 0.999)
            {
                stream.Chunks.Add(new MadeChunk(chunkStart, samples));
                samples = [];
            }

            chunkStart = samples.Count == 0 ? time : chunkStart;
            samples.Add(new MadeSample(
                (uint)(ToTicks(sample.DecodeTime + sample.Duration) - time),
                file[(int)sample.Offset..(int)(sample.Offset + sample.Size)],
                (int)(ToTicks(sample.CompositionTime) - time),
                sample.IsSync));
        }

        stream.Chunks.Add(new MadeChunk(chunkStart, samples));
        return stream;
    }

    /// <summary>Of <c>live.mp4</c>: the client manifest says what stands in its 'avcC', or in its 'esds'.</summary>
    public MadeStream Described()
    {
        (FourCC, CodecPrivateData) = Type == "video"
            ? ("H264", "000000016764000CAC76110A37E4C044000003000400000300C83C50A611800000000168E843B2C8B0")
            : ("AACL", "119056E500");
        return this;
    }

    /// <summary>What the client manifest lists, where that is not what is there.</summary>
    public IReadOnlyList<MadeChunk>? Listed { get; private set; }

    /// <summary>Fragments that are not there.</summary>
    /// <param name="isListed">The client manifest goes on to list them.</param>
    public MadeStream Lose(int first, int count = 1, bool isListed = false)
    {
        Listed = isListed ? Listed ?? [.. Chunks] : Listed;
        Chunks.RemoveRange(first, count);
        return this;
    }

    /// <summary>From a fragment on, everything is later: the encoder was away.</summary>
    public MadeStream Jump(int from, long ticks)
    {
        Chunks.Skip(from).ToList().ForEach(chunk => chunk.Time += ticks);
        return this;
    }

    /// <summary>Bends each fragment before it is written.</summary>
    public Action<MadeTraf>? Bend { get; set; }

    /// <summary>A fragment's moof and mdat.</summary>
    /// <param name="samples">The part of the chunk that goes into it.</param>
    public MadeTraf ToTraf(long time, IList<MadeSample> samples)
    {
        MadeTraf traf = new()
        {
            TrackId = TrackId,
            Samples = samples,
            DecodeTime = Times == MadeTimes.DecodeTime ? time : null,
            SmoothTime = Times == MadeTimes.SmoothTime ? time + samples[0].CompositionOffset : null,
            RunVersion = RunVersion,
            Description = Description,
            HasDefaultDuration = HasDefaultDurations && samples.All(sample => sample.Duration == samples[0].Duration),
        };
        Bend?.Invoke(traf);
        return traf;
    }

    /// <summary>The track in a 'moov' without samples.</summary>
    public MadeTrack ToTrack() => new()
    {
        Id = TrackId,
        Handler = Type switch { "video" => "vide", "audio" => "soun", _ => "text" },
        Timescale = Timescale,
        Width = Size.Width,
        Height = Size.Height,
        Entries = [Entry],
    };
}
