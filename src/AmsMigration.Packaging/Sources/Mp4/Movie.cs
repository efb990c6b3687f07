using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>The tracks of one 'moov' (ISO/IEC 14496-12 8.2.1) and of the fragments that follow it.</summary>
internal sealed class Movie
{
    private readonly IByteSource _source;
    private readonly List<PackagingWarning> _warnings;
    private readonly List<(TrackBox Box, TrackKind Kind, SampleTable Table)> _tracks = [];
    private readonly List<LeftOutTrack> _leftOut = [];
    private readonly Dictionary<uint, FragmentedTrack> _fragmented = [];
    private readonly MovieFragmentReader _fragments;
    private readonly int _fileIndex;
    private uint _timescale;

    private Movie(IByteSource source, int fileIndex, List<PackagingWarning> warnings)
    {
        _source = source;
        _fileIndex = fileIndex;
        _warnings = warnings;
        _fragments = new MovieFragmentReader(_fragmented, warnings);
    }

    public static Movie Read(BoxReader moov, IByteSource source, int fileIndex, List<PackagingWarning> warnings)
    {
        var movie = new Movie(source, fileIndex, warnings);
        if (moov.TryFind("cmov", out _))
        {
            throw moov.Fault("CompressedHeader", "the header is compressed (QuickTime 'cmov'), which nothing here reads");
        }

        BoxReader mvhd = moov.Find("mvhd");
        (byte version, _) = mvhd.FullBox();
        mvhd.Skip(version == 1 ? 16 : 8);
        movie._timescale = mvhd.U32();
        Dictionary<uint, TrackDefaults> defaults = ReadDefaults(moov);
        BoxReader list = moov;
        while (list.NextChild(out BoxReader child))
        {
            if (child.Type == "trak")
            {
                movie.AddTrack(child, defaults);
            }
        }

        return movie;
    }

    public void AddFragment(BoxReader moof, long offset) => _fragments.Add(moof, _fileIndex, offset, _source.Length, _source.Path);

    public MediaFileContent Finish()
    {
        HashSet<uint> chapters = [.. _tracks.SelectMany(track => track.Box.Chapters)];
        List<Track> tracks = [];
        foreach ((TrackBox box, TrackKind kind, SampleTable table) in _tracks)
        {
            if (chapters.Contains(box.TrackId))
            {
                LeaveOut(box.TrackId, "chapters", "chapters have no place in HLS or DASH.", isMedia: false);
                continue;
            }

            SampleTable samples = _fragmented.TryGetValue(box.TrackId, out FragmentedTrack? fragmented) && table.Count == 0
                ? fragmented.Build(_source.Path, _source.Length, _warnings)
                : table;
            if (samples.Count == 0)
            {
                LeaveOut(box.TrackId, box.Descriptions[0].Codec.Name, "it has no samples that lie in the file.", isMedia: true);
                continue;
            }

            tracks.Add(ToTrack(box, kind, samples));
        }

        return new MediaFileContent(tracks, _leftOut, _warnings);
    }

    private static Dictionary<uint, TrackDefaults> ReadDefaults(BoxReader moov)
    {
        Dictionary<uint, TrackDefaults> defaults = [];
        if (!moov.TryFind("mvex", out BoxReader mvex))
        {
            return defaults;
        }

        while (mvex.NextChild(out BoxReader trex))
        {
            if (trex.Type == "trex")
            {
                trex.FullBox();
                defaults[trex.U32()] = new TrackDefaults(trex.U32(), trex.U32(), trex.U32(), trex.U32());
            }
        }

        return defaults;
    }

    private void AddTrack(BoxReader trak, Dictionary<uint, TrackDefaults> defaults)
    {
        TrackBox box;
        try
        {
            box = TrackBoxReader.Read(trak, _source.Path);
        }
        catch (PackagingException e)
        {
            // The other tracks may be sound.
            LeaveOut(0, "damaged", e.Message, isMedia: true);
            return;
        }

        if (Refusal(box) is (string name, string reason, bool isMedia))
        {
            LeaveOut(box.TrackId, name, reason, isMedia);
            return;
        }

        TrackKind kind = box.Handler == "vide" ? TrackKind.Video : TrackKind.Audio;
        BoxReader stbl = trak.Find("mdia").Find("minf").Find("stbl");
        try
        {
            SampleTable table = SampleTableReader.Read(stbl, _fileIndex, _source.Length, box.Descriptions.Count, _source.Path, _warnings);
            _tracks.Add((box, kind, table));
        }
        catch (Exception e) when (e is PackagingException or OverflowException)
        {
            LeaveOut(box.TrackId, box.Descriptions[0].Codec.Name, e.Message, isMedia: true);
            return;
        }

        if (defaults.TryGetValue(box.TrackId, out TrackDefaults trackDefaults))
        {
            _fragmented[box.TrackId] = new FragmentedTrack(box.TrackId, trackDefaults, box.Descriptions.Count, kind == TrackKind.Video);
        }
    }

    /// <summary>What keeps a track out of the output, judged without its samples; null where nothing does.</summary>
    private static (string Name, string Reason, bool IsMedia)? Refusal(TrackBox box)
    {
        switch (box.Handler)
        {
            case "vide" or "soun":
                break;
            case "tmcd":
                return ("timecode", "timecode has no place in HLS or DASH.", false);
            case "meta" or "mdta":
                return ("metadata", "timed metadata is not carried over.", false);
            case "hint":
                return ("hint", "hints are for streaming servers.", false);
            case "text" or "sbtl" or "subt" or "clcp":
                return ($"text ({(box.Descriptions.Count > 0 ? box.Descriptions[0].Codec.Name : box.Handler)})", "text inside MP4 files is not carried over.", false);
            default:
                return ($"'{box.Handler}'", "it is neither audio nor video.", false);
        }

        if (box.Descriptions.Count == 0)
        {
            return ("unknown codec", "it has no sample description.", true);
        }

        CodecInfo codec = box.Descriptions[0].Codec;
        if (box.IsExternal)
        {
            return (codec.Name, "its media lies in another file, which it names by a path of the machine that made it.", true);
        }

        if (box.Timescale == 0)
        {
            return (codec.Name, "its timescale is 0, so no sample has a time.", true);
        }

        string? refusal = box.Descriptions.Select(description => description.Codec.Refusal).FirstOrDefault(reason => reason is not null);
        return refusal is null ? null : (codec.Name, refusal, true);
    }

    private Track ToTrack(TrackBox box, TrackKind kind, SampleTable samples)
    {
        (long mediaTime, long delay) = EditList.Resolve(box, samples, Math.Max(1, _timescale), kind, _source.Path, _warnings);
        return new Track
        {
            Kind = kind,
            Name = string.Join("_", new[] { kind.ToString().ToLowerInvariant(), box.Language }.Where(part => part is not null)),
            Label = box.Label,
            Language = box.Language,
            IsDefault = box.IsEnabled,
            Timescale = box.Timescale,
            Descriptions = box.Descriptions,
            Samples = samples,
            MediaTime = mediaTime,
            Delay = delay,
            Matrix = box.Matrix,
            PresentationWidth = kind == TrackKind.Video ? box.Width : 0,
            PresentationHeight = kind == TrackKind.Video ? box.Height : 0,
            RollDistance = box.RollDistance,
            SourceFile = _source.Path,
            SourceTrackId = box.TrackId,
        };
    }

    private void LeaveOut(uint trackId, string codec, string reason, bool isMedia) =>
        _leftOut.Add(new LeftOutTrack(_source.Path, trackId, codec, reason, isMedia));
}
