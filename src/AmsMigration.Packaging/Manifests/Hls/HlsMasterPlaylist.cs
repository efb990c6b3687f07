using System.Globalization;
using System.Text;
using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>The multivariant playlist (RFC 8216bis 4.4.6).</summary>
internal sealed class HlsMasterPlaylist
{
    /// <summary>Players start with the first variant; about this is what Apple's authoring specification asks for there.</summary>
    private const long StartBandwidth = 2_000_000;

    private const string SubtitleGroup = "subtitles";
    private const string ClosedCaptionGroup = "closed-captions";
    private const string CaptionCharacteristics = "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound";

    private readonly StringBuilder _text = new("#EXTM3U\n#EXT-X-VERSION:7\n");
    private readonly ManifestPlace _place;
    private readonly string _manifestName;
    private readonly IReadOnlyList<Rendition> _renditions;
    private readonly List<Rendition> _videos;
    private readonly IReadOnlyList<TextRendition> _subtitles;
    private readonly IReadOnlyList<AudioGroup> _groups;
    private readonly IReadOnlyList<string> _closedCaptions;
    private readonly IReadOnlyList<ThumbnailTrack> _thumbnails;
    private readonly long? _firstQuality;

    private HlsMasterPlaylist(ManifestPlace place, string manifestName, IReadOnlyList<Rendition> renditions, IReadOnlyList<TextRendition> subtitles,
        IReadOnlyList<ThumbnailTrack> thumbnails, long? firstQuality)
    {
        _place = place;
        _firstQuality = firstQuality;
        _manifestName = manifestName;
        _renditions = renditions;
        _videos = [.. renditions.Where(r => r.Track.Kind == TrackKind.Video)];
        _subtitles = subtitles;
        _thumbnails = thumbnails;
        _groups = AudioGroup.Of(renditions);
        _closedCaptions = [.. _videos.SelectMany(video => video.Track.ClosedCaptions).Distinct()];
    }

    /// <param name="renditions">Those that have a media playlist.</param>
    /// <param name="manifestName">Folder of the media playlists.</param>
    /// <param name="firstQuality">Bits a second of the variant to list first; null for one that suits most.</param>
    public static string Write(
        ManifestPlace place, string manifestName, IReadOnlyList<Rendition> renditions, IReadOnlyList<TextRendition> subtitles,
        IReadOnlyList<ThumbnailTrack> thumbnails, long? firstQuality = null) =>
        new HlsMasterPlaylist(place, manifestName, renditions, subtitles, thumbnails, firstQuality).Write();

    private string Write()
    {
        if (_videos.TrueForAll(video => video.Segments.All(segment => video.Fragments[segment.FirstFragment].IsSync)))
        {
            _text.Append("#EXT-X-INDEPENDENT-SEGMENTS\n");
        }

        _text.Append(HlsKeys.OfSession(_renditions));
        foreach (AudioGroup group in _groups)
        {
            AppendAudio(group);
        }

        AppendSubtitles();
        foreach (string service in _closedCaptions)
        {
            Append("MEDIA", new HlsAttributes()
                .Add("TYPE", "CLOSED-CAPTIONS")
                .Quoted("GROUP-ID", ClosedCaptionGroup)
                .Quoted("NAME", service)
                .Flag("DEFAULT", false)
                .Flag("AUTOSELECT", true)
                .Quoted("INSTREAM-ID", service));
        }

        foreach (Variant variant in InOrder(Variants()))
        {
            AppendVariant(variant);
        }

        foreach (Rendition video in _videos.Where(HlsIFramePlaylist.IsPossible))
        {
            AppendIFrames(video);
        }

        for (int i = 0; i < _thumbnails.Count; i++)
        {
            Append("IMAGE-STREAM-INF", HlsImagePlaylist.Attributes(_thumbnails[i], Reference(ManifestWriter.ImagePlaylistPath(_manifestName, i))));
        }

        return _text.ToString();
    }

    /// <summary>Every video with every audio group, so that a player that decodes one of the groups finds all bit rates with it.</summary>
    private IEnumerable<Variant> Variants() => (_videos.Count, _groups.Count) switch
    {
        (0, _) => _groups.Select(group => new Variant(null, group)),
        (_, 0) => _videos.Select(video => new Variant(video, null)),
        _ => _videos.SelectMany(video => _groups.Select(group => new Variant(video, group))),
    };

    /// <summary>The start first, in codecs that most players decode (some try it before they read CODECS); then from low to high.</summary>
    private IEnumerable<Variant> InOrder(IEnumerable<Variant> variants)
    {
        List<Variant> sorted = [.. variants.OrderBy(variant => variant.PeakBandwidth)];
        List<Variant> common = [.. sorted.Where(variant => variant.Reach == sorted.Min(v => v.Reach))];
        Variant? start = NearestTo(_firstQuality, common) ?? common.LastOrDefault(variant => variant.PeakBandwidth <= StartBandwidth) ?? common.FirstOrDefault();
        return start is null ? sorted : [start, .. sorted.Where(variant => variant != start)];
    }

    private static Variant? NearestTo(long? bitrate, List<Variant> variants) => bitrate is not long wanted
        ? null
        : variants.OrderBy(variant => variant.Video is null ? long.MaxValue : Math.Abs(TrackSelection.BitrateOf(variant.Video.Track) - wanted)).FirstOrDefault();

    private void AppendAudio(AudioGroup group)
    {
        foreach (AudioGroupMember member in group.Members)
        {
            Append("MEDIA", new HlsAttributes()
                .Add("TYPE", "AUDIO")
                .Quoted("GROUP-ID", group.Id)
                .Quoted("NAME", member.Name)
                .Quoted("LANGUAGE", member.Rendition.Track.Language)
                .Flag("DEFAULT", member.IsDefault)
                .Flag("AUTOSELECT", member.IsAutoSelect)
                .Quoted("CHARACTERISTICS", member.IsDescription ? "public.accessibility.describes-video" : null)
                .Quoted("CHANNELS", member.Rendition.Track.Descriptions[0].Codec.HlsChannels)
                .Quoted("URI", MediaPlaylistUri(member.Rendition.Name)));
        }
    }

    private void AppendSubtitles()
    {
        List<string> names = HlsAttributes.MakeUnique(_subtitles.Select(r => r.Track.Label ?? r.Track.Language ?? r.Track.Name));
        int first = _subtitles.ToList().FindIndex(r => r.Track.IsDefault);
        var autoSelected = new HashSet<(string? Language, bool IsForced, bool IsCaption)>();
        for (int i = 0; i < names.Count; i++)
        {
            TextTrack track = _subtitles[i].Track;
            bool isFirstOfItsKind = autoSelected.Add((track.Language, track.IsForced, track.IsCaption));
            Append("MEDIA", new HlsAttributes()
                .Add("TYPE", "SUBTITLES")
                .Quoted("GROUP-ID", SubtitleGroup)
                .Quoted("NAME", names[i])
                .Quoted("LANGUAGE", track.Language)
                .Flag("DEFAULT", i == first)
                .Flag("AUTOSELECT", i == first || isFirstOfItsKind)
                .Flag("FORCED", track.IsForced)
                .Quoted("CHARACTERISTICS", track.Characteristics ?? (track.IsCaption ? CaptionCharacteristics : null))
                .Quoted("URI", MediaPlaylistUri(_subtitles[i].Name)));
        }
    }

    private void AppendVariant(Variant variant)
    {
        // WebVTT is not among them: "wvtt" makes some Apple players fail.
        IEnumerable<string> codecs = CodecStrings(variant.Video).Concat(variant.Audio?.Codecs ?? []);
        HlsAttributes attributes = new HlsAttributes()
            .Number("BANDWIDTH", variant.PeakBandwidth)
            .Number("AVERAGE-BANDWIDTH", variant.AverageBandwidth)
            .Quoted("CODECS", string.Join(",", codecs.Distinct()));
        if (variant.Video is Rendition video)
        {
            AddPicture(attributes, video).Add("FRAME-RATE", FrameRate(video));
        }

        // Without captions the attribute stays away: NONE would hide what a look at a few pictures did not find.
        attributes
            .Quoted("AUDIO", variant.Audio?.Id)
            .Quoted("SUBTITLES", _subtitles.Count > 0 ? SubtitleGroup : null)
            .Quoted("CLOSED-CAPTIONS", _closedCaptions.Count > 0 ? ClosedCaptionGroup : null);
        Append("STREAM-INF", attributes);
        _text.Append(MediaPlaylistUri((variant.Video ?? variant.Audio!.Members[0].Rendition).Name)).Append('\n');
    }

    private void AppendIFrames(Rendition video)
    {
        (long peak, long average) = HlsIFramePlaylist.Bandwidth(video);
        HlsAttributes attributes = new HlsAttributes()
            .Number("BANDWIDTH", peak)
            .Number("AVERAGE-BANDWIDTH", average)
            .Quoted("CODECS", string.Join(",", CodecStrings(video).Distinct()));
        Append("I-FRAME-STREAM-INF", AddPicture(attributes, video)
            .Quoted("URI", Reference(ManifestWriter.IFramePlaylistPath(_manifestName, video))));
    }

    private static HlsAttributes AddPicture(HlsAttributes attributes, Rendition video)
    {
        CodecInfo codec = video.Track.Descriptions[0].Codec;
        string? size = video.DisplayWidth > 0 && video.DisplayHeight > 0
            ? string.Format(CultureInfo.InvariantCulture, "{0}x{1}", video.DisplayWidth, video.DisplayHeight)
            : null;
        return attributes
            .Quoted("SUPPLEMENTAL-CODECS", codec.SupplementalCodecs)
            .Add("RESOLUTION", size)
            .Add("VIDEO-RANGE", codec.VideoRange switch { VideoRange.Pq => "PQ", VideoRange.Hlg => "HLG", _ => "SDR" });
    }

    /// <summary>To the nearest thousandth (RFC 8216bis 4.4.6.2).</summary>
    private static string? FrameRate(Rendition video)
    {
        (long numerator, long denominator) = video.FrameRate;
        long thousandths = ((numerator * 1000) + (denominator / 2)) / denominator;
        return thousandths > 0 ? string.Format(CultureInfo.InvariantCulture, "{0}.{1:D3}", thousandths / 1000, thousandths % 1000) : null;
    }

    private static IEnumerable<string> CodecStrings(Rendition? rendition) =>
        rendition?.Track.Descriptions.Select(d => d.Codec.CodecString) ?? [];

    private string MediaPlaylistUri(string name) => Reference(ManifestWriter.MediaPlaylistPath(_manifestName, name));

    private string Reference(string path) => _place.Reference(path);

    private void Append(string tag, HlsAttributes attributes) =>
        _text.Append("#EXT-X-").Append(tag).Append(':').Append(attributes).Append('\n');

    /// <summary>One of the two is there.</summary>
    private sealed record Variant(Rendition? Video, AudioGroup? Audio)
    {
        public long PeakBandwidth => (Video?.PeakBandwidth ?? 0) + (Audio?.PeakBandwidth ?? 0);

        public long AverageBandwidth => (Video?.AverageBandwidth ?? 0) + (Audio?.AverageBandwidth ?? 0);

        public int Reach => Math.Max(Video is null ? 0 : CodecReach.Of(Video), Audio?.Reach ?? 0);
    }
}
