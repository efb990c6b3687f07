using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Planning;

/// <summary>Lays out one track: fragments, segments, the index and the files. Nothing is kept of the moofs but their lengths.</summary>
internal sealed class RenditionPlanner
{
    /// <summary>Payload of one fragment: keeps a GOP without end from becoming a segment that no index can name.</summary>
    private const long MaxPayload = 1L << 30;

    private readonly TrackTimeline _timeline;
    private readonly OutputLayout _layout;
    private readonly ICollection<PackagingWarning> _warnings;
    private readonly List<Fragment> _fragments = [];
    private readonly List<SegmentStart> _segments = [];
    private readonly FragmentExtents _extents;
    private readonly TrackProtection? _protection;
    private readonly SegmentProtection? _segmentProtection;
    private readonly long _clearLead;
    private bool _isClear;

    private RenditionPlanner(
        TrackTimeline timeline, OutputLayout layout, ICollection<PackagingWarning> warnings, PresentationProtection protection, string name)
    {
        _timeline = timeline;
        _layout = layout;
        _warnings = warnings;
        _protection = protection.For(timeline.Track, name);
        _segmentProtection = protection.ForSegments(timeline.Track, name);
        _clearLead = TimeMath.Rescale(protection.Options.ClearLead.Ticks, TimeMath.TimeSpanTimescale, timeline.Timescale);
        _extents = new FragmentExtents(timeline, _fragments, _protection);
    }

    private Track Track => _timeline.Track;

    private bool IsSingleFile => _layout == OutputLayout.SingleFile;

    /// <param name="starts">First samples of the segments, 0 first.</param>
    /// <param name="folder">Of the media files, relative.</param>
    public static Rendition Plan(
        TrackTimeline timeline,
        IReadOnlyList<int> starts,
        string name,
        string folder,
        OutputLayout layout,
        PresentationProtection protection,
        ICollection<PackagingWarning> warnings)
    {
        var planner = new RenditionPlanner(timeline, layout, warnings, protection, $"{folder}/{name}");
        planner.CollectFragments(starts);
        return planner.LayOut(name, folder);
    }

    private void CollectFragments(IReadOnlyList<int> starts)
    {
        int nextStart = 0;
        long segmentLength = 0;
        long greatestLength = IsSingleFile ? CmafIndex.MaxReferencedLength : long.MaxValue;
        SampleCursor sample = Track.Samples.GetCursor();
        while (!sample.IsEnd)
        {
            bool startsSegment = nextStart < starts.Count && starts[nextStart] == sample.Index;
            nextStart += startsSegment ? 1 : 0;
            _isClear = startsSegment
                ? _clearLead > 0 && _timeline.PresentationTime(sample.CompositionTime) - _timeline.Start < _clearLead
                : _isClear;
            int end = nextStart < starts.Count ? starts[nextStart] : Track.Samples.Count;
            SampleCursor first = sample;
            Fragment fragment = TakeFragment(ref sample, end, out byte accessType);
            long length = fragment.HeaderLength + fragment.PayloadLength;
            if (!startsSegment && segmentLength + length > greatestLength)
            {
                startsSegment = true;
                Warn("SegmentSplit", "A segment was split between its cuts because it would have exceeded 2 GiB.");
            }

            if (length > greatestLength)
            {
                throw new PackagingException(
                    "FragmentTooLarge",
                    $"Sample {first.Index} has {first.Size} bytes; a segment can have {greatestLength} at most.",
                    Track.SourceFile,
                    first.Offset);
            }

            if (startsSegment)
            {
                _segments.Add(new SegmentStart(_fragments.Count, accessType, first));
                segmentLength = 0;
            }

            segmentLength += length;
            _fragments.Add(fragment);
        }

        if (Track.Kind == TrackKind.Video && !_fragments[0].IsSync)
        {
            Warn("NoSyncAtStart", "The first sample is not a sync sample; players show nothing until the first one.");
        }
    }

    /// <summary>
    /// Moves <paramref name="sample"/> behind the fragment that begins at it: a GOP, but at least half a second of video.
    /// </summary>
    private Fragment TakeFragment(ref SampleCursor sample, int end, out byte accessType)
    {
        SampleCursor first = sample;
        long decodeTime = first.DecodeTime + _timeline.DecodeBias;
        long earliest = long.MaxValue;
        long expected = first.DecodeTime;
        var content = new CmafFragment(_timeline.CompositionBias, new FragmentProtection(_protection, _isClear));
        do
        {
            content.Add(sample);
            earliest = Math.Min(earliest, _timeline.PresentationTime(sample.CompositionTime));
            expected += sample.Duration;
            sample.MoveNext();
        }
        while (sample.Index < end
            && sample.Description == first.Description
            && sample.DecodeTime == expected
            && content.PayloadLength + sample.Size <= MaxPayload
            && !StartsGop(sample, first));

        if (decodeTime < 0 || !content.FitsTrun)
        {
            throw new PackagingException(
                "CompositionOffsetTooLarge",
                $"Samples {first.Index} to {sample.Index - 1} have a decode time of {decodeTime} or composition offsets of 2^31 or more.",
                Track.SourceFile,
                first.Offset);
        }

        long firstTime = _timeline.PresentationTime(first.CompositionTime);
        accessType = (byte)(!first.IsSync ? 0 : firstTime > earliest ? 3 : 1);
        return new Fragment(
            first.Index,
            content.SampleCount,
            0,
            content.GetHeaderLength(decodeTime, _extents.HasRoll),
            content.PayloadLength,
            decodeTime,
            Math.Max(earliest, _timeline.Start),
            first.Size,
            first.IsSync)
        {
            IsClear = _isClear && _protection is not null,
        };
    }

    private bool StartsGop(in SampleCursor sample, in SampleCursor first) =>
        Track.Kind == TrackKind.Video
        && sample.IsSync
        && (!first.IsSync || sample.DecodeTime - first.DecodeTime >= Track.Timescale / 2);

    private Rendition LayOut(string name, string folder)
    {
        (int width, int height, int displayWidth, int displayHeight) = RenditionFigures.GetSize(Track);
        byte[] header = new CmafHeader
        {
            Track = Track,
            Priming = _timeline.Priming,
            End = _timeline.End,
            IsCmf2 = _timeline.Priming == 0 && _fragments.TrueForAll(f => f.Start == f.DecodeTime),
            Width = width,
            Height = height,
            Protection = _protection,
        }.ToBytes();
        int indexLength = IsSingleFile ? CmafIndex.GetSidxLength(_timeline.Start, _segments.Count) : 0;
        string initPath = IsSingleFile ? $"{folder}/{name}.mp4" : $"{folder}/{name}/init.mp4";
        PlaceFragments(header.Length + indexLength);
        Segment[] segments = MakeSegments(IsSingleFile ? _ => initPath : n => $"{folder}/{name}/{n}.m4s");
        return new Rendition
        {
            Track = Track,
            Name = name,
            InitPath = initPath,
            CompositionBias = _timeline.CompositionBias,
            Priming = _timeline.Priming,
            InitLength = header.Length,
            IndexLength = indexLength,
            Segments = segments,
            Fragments = _fragments,
            Files = IsSingleFile ? [MakeSingleFile(initPath, header, segments)] : MakeFiles(initPath, header, segments),
            Duration = segments.Sum(segment => segment.Duration),
            PeakBandwidth = RenditionFigures.GetPeakBandwidth(segments, Track.Timescale),
            AverageBandwidth = RenditionFigures.GetAverageBandwidth(segments, Track.Timescale),
            FrameRate = Track.Kind == TrackKind.Video ? RenditionFigures.GetFrameRate(Track.Samples, Track.Timescale) : (0, 1),
            DisplayWidth = displayWidth,
            DisplayHeight = displayHeight,
            Protection = _protection,
            SegmentProtection = _segmentProtection,
        };
    }

    private void PlaceFragments(long mediaOffset)
    {
        _fragments.TrimExcess();
        long offset = mediaOffset;
        int segment = 0;
        for (int i = 0; i < _fragments.Count; i++)
        {
            if (!IsSingleFile && segment < _segments.Count && _segments[segment].Fragment == i)
            {
                offset = CmafIndex.StypLength;
                segment++;
            }

            _fragments[i] = _fragments[i] with { Offset = offset };
            offset += _fragments[i].HeaderLength + _fragments[i].PayloadLength;
        }
    }

    private Segment[] MakeSegments(Func<int, string> getPath)
    {
        var segments = new Segment[_segments.Count];
        long nextStart = _timeline.End;
        HashSet<int> jumps = [.. Track.Discontinuities];
        for (int i = segments.Length - 1; i >= 0; i--)
        {
            int first = _segments[i].Fragment;
            int end = i + 1 < segments.Length ? _segments[i + 1].Fragment : _fragments.Count;
            Fragment last = _fragments[end - 1];
            long offset = IsSingleFile ? _fragments[first].Offset : 0;
            long start = nextStart;
            for (int j = first; j < end; j++)
            {
                start = Math.Min(start, _fragments[j].Start);
            }

            start = i == 0 ? _timeline.Start : start;
            bool isBeforeJump = end < _fragments.Count && jumps.Contains(_fragments[end].FirstSample);
            long gap = isBeforeJump ? Math.Max(0, nextStart - Math.Max(start, _timeline.EndBefore(_fragments[end].FirstSample))) : 0;
            long length = last.Offset + last.HeaderLength + last.PayloadLength - offset;
            length = _segmentProtection is null ? length : SegmentProtection.PaddedLength(length);
            segments[i] = new Segment(getPath(i + 1), offset, length, start, nextStart - start - gap, first, end - first)
            {
                IsDiscontinuity = i > 0 && jumps.Contains(_fragments[first].FirstSample),
                Gap = gap,
                IsClear = _fragments[first].IsClear,
            };
            nextStart = start;
        }

        return segments;
    }

    private OutputFile MakeSingleFile(string path, byte[] header, Segment[] segments)
    {
        byte[] sidx = CmafIndex.CreateSidx(segments, [.. _segments.Select(s => s.AccessType)], Track.Timescale);
        Fragment last = _fragments[_fragments.Count - 1];
        return new OutputFile
        {
            Path = path,
            ContentType = ContentType,
            Length = last.Offset + last.HeaderLength + last.PayloadLength,
            Extents = _extents.Enumerate([header, sidx], Track.Samples.GetCursor(), 0, _fragments.Count),
        };
    }

    private List<OutputFile> MakeFiles(string initPath, byte[] header, Segment[] segments)
    {
        List<OutputFile> files =
        [
            new OutputFile { Path = initPath, ContentType = ContentType, Length = header.Length, Extents = [Extent.FromBytes(header)] },
        ];
        byte[] styp = CmafIndex.CreateStyp();
        files.AddRange(segments.Select((segment, i) => new OutputFile
        {
            Path = segment.Path,
            ContentType = ContentType,
            Length = segment.Length,
            Extents = Enumerate(styp, _segments[i].First, segment),
        }));
        return files;
    }

    private IEnumerable<Extent> Enumerate(byte[] styp, SampleCursor first, Segment segment)
    {
        IEnumerable<Extent> extents = _extents.Enumerate([styp], first, segment.FirstFragment, segment.FragmentCount);
        return _segmentProtection is null ? extents : FragmentExtents.Encrypt(extents, _segmentProtection, segment.Length);
    }

    private string ContentType => Track.Kind switch
    {
        TrackKind.Video => ContentTypes.Mp4Video,
        TrackKind.Audio => ContentTypes.Mp4Audio,
        _ => "application/mp4",
    };

    private void Warn(string code, string message) =>
        _warnings.Add(new PackagingWarning(code, $"Track {Track.SourceTrackId} ({Track.Name}): {message}", Track.SourceFile));

    /// <param name="First">Stands on the first sample, so that a segment's file need not look for it.</param>
    private readonly record struct SegmentStart(int Fragment, byte AccessType, SampleCursor First);
}
