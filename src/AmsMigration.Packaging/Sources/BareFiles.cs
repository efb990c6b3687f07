using System.Text.RegularExpressions;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources;

/// <summary>
/// Media files that no manifest ties together: which of them are bit rates of the same content. They must be equally long, and either be
/// named alike but for numbers and codecs, or carry the very same sound: two advertisements of thirty seconds are not renditions of each other.
/// </summary>
internal static class BareFiles
{
    /// <summary>Parts of file names that tell renditions apart: <c>1280x720</c>, <c>3400kbps</c>, <c>H264</c>, <c>low</c>.</summary>
    private static readonly Regex Technical = new(
        @"^(\d{3,}|\d+x\d+|\d+(p|i|k|m|kb|kbps|kbit|mbps|bps|fps|hz|khz|ch)|ch\d|[hx]26[45]|avc1?|hevc|av1|vp9|aac(audio)?|heaac|he|"
        + "e?ac3|mp3|opus|audio|video|audioonly|low|med|medium|mid|high|best|sd|hd|fhd|fullhd|uhd|hq|lq|mq|mobile|und)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly char[] Separators = ['_', '-', '.', ' ', '(', ')', '[', ']', '+', ',', '@'];

    /// <param name="assetName">Names a group whose files have nothing but technical names.</param>
    public static List<Presentation> ToPresentations(MediaLibrary library, string assetName)
    {
        List<Group> groups = [];
        List<(string Path, MediaFileContent Content)> readable =
        [
            .. library.Files
                .Select(file => (file.Path, Content: library.Find(file.Path)))
                .Where(file => file.Content?.Tracks.Any(IsMedia) == true)
                .Select(file => (file.Path, file.Content!)),
        ];
        foreach ((string path, MediaFileContent content) in readable.OrderBy(file => HasVideo(file.Content) ? 0 : 1))
        {
            var file = new Member(path, content);
            bool isOnlyVideo = groups.Count(group => group.Members[0].HasVideo) == 1;
            Group? home = groups.Find(group => group.Accepts(file, isOnlyVideo));
            if (home is null)
            {
                groups.Add(new Group(file));
            }
            else
            {
                home.Members.Add(file);
            }
        }

        return [.. groups.Select(group => group.ToPresentation(library.Files, assetName))];
    }

    private static bool IsMedia(Track track) => track.Kind != TrackKind.Text;

    private static bool HasVideo(MediaFileContent content) => content.Tracks.Any(track => track.Kind == TrackKind.Video);

    private static string[] NameParts(string path) =>
        Path.GetFileNameWithoutExtension(path).Split(Separators, StringSplitOptions.RemoveEmptyEntries);

    private sealed class Member(string path, MediaFileContent content)
    {
        public string Path { get; } = path;

        public MediaFileContent Content { get; } = content;

        public bool HasVideo { get; } = HasVideo(content);

        public long End { get; } = content.Tracks.Where(IsMedia).Max(TrackLength.End);

        public string Stem { get; } = string.Join("_", NameParts(path).Where(part => !Technical.IsMatch(part))).ToLowerInvariant();

        public bool HasSameSound(Member other)
        {
            Track? mine = Content.Tracks.FirstOrDefault(track => track.Kind == TrackKind.Audio);
            Track? theirs = other.Content.Tracks.FirstOrDefault(track => track.Kind == TrackKind.Audio);
            return mine is not null && theirs is not null && mine.Samples.Sizes.SequenceEqual(theirs.Samples.Sizes);
        }
    }

    private sealed class Group(Member first)
    {
        public List<Member> Members { get; } = [first];

        public bool Accepts(Member file, bool isOnlyVideo)
        {
            Member reference = Members[0];
            bool joins = reference.HasVideo && TrackLength.Agree(reference.End, file.End);
            return joins && (file.Stem == reference.Stem || (!file.HasVideo && isOnlyVideo) || file.HasSameSound(reference));
        }

        public Presentation ToPresentation(IReadOnlyList<AssetFile> files, string assetName)
        {
            IEnumerable<Track> tracks = Members.SelectMany(member => member.Content.Tracks);
            List<Track> audio = AudioSelection.TakeBest(tracks.Where(track => track.Kind == TrackKind.Audio));
            return new Presentation
            {
                Name = Name(assetName),
                Files = files,
                Tracks =
                [
                    .. tracks.Where(track => track.Kind == TrackKind.Video),
                    .. audio,
                    .. tracks.Where(track => track.Kind == TrackKind.Text),
                ],
                Warnings =
                [
                    .. Members.SelectMany(member => member.Content.Warnings).Distinct(),
                    .. Members.Where(member => !member.HasVideo && !audio.Exists(track => track.SourceFile == member.Path)).Select(DescribeBetter),
                ],
            };
        }

        private static PackagingWarning DescribeBetter(Member member) =>
            new("BetterAudioTaken", "Another file has sound like it at a higher bit rate, which is taken.", member.Path);

        private string Name(string assetName)
        {
            if (Members.Count == 1)
            {
                return Path.GetFileNameWithoutExtension(Members[0].Path);
            }

            string name = string.Join("_", NameParts(Members[0].Path).TakeWhile(part => !Technical.IsMatch(part)));
            return name.Length > 0 ? name : assetName;
        }
    }
}
