using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Tests.Storage;

public sealed class StorageLocalAssetTests : IDisposable
{
    private readonly StorageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_are_listed_below_all_folders_in_ordinal_order()
    {
        _folder.With("b.mp4", 1, 2, 3).With("B.ism", 1).With("a/z.txt").With("a/b/c.vtt", 1, 2).With("a.mp4", 9);

        IReadOnlyList<AssetFile> files = await new LocalAssetStore(_folder.Root).ListAsync(CancellationToken.None);

        Assert.Equal([("B.ism", 1), ("a.mp4", 1), ("a/b/c.vtt", 2), ("a/z.txt", 0), ("b.mp4", 3)], files.Select(file => (file.Path, file.Length)));
        Assert.All(files, file => Assert.Equal(File.GetLastWriteTimeUtc(_folder.Full(file.Path)), file.LastModified!.Value.UtcDateTime));
    }

    [Fact]
    public async Task A_tag_changes_with_the_content()
    {
        var store = new LocalAssetStore(_folder.With("a.mp4", 1).Root);
        File.SetLastWriteTimeUtc(_folder.Full("a.mp4"), new DateTime(2024, 6, 30, 1, 2, 3, DateTimeKind.Utc));
        AssetFile before = Assert.Single(await store.ListAsync(CancellationToken.None));
        Assert.Equal(before, Assert.Single(await store.ListAsync(CancellationToken.None)));

        _folder.With("a.mp4", 2);

        Assert.NotEqual(before.ETag, Assert.Single(await store.ListAsync(CancellationToken.None)).ETag);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told()
    {
        var store = new LocalAssetStore(_folder.Full("nowhere"));

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => store.ListAsync(CancellationToken.None));

        Assert.Equal("FolderNotFound", e.Code);
        Assert.Equal("FileNotFound", (await Assert.ThrowsAsync<PackagingException>(() => store.OpenAsync("a.mp4", CancellationToken.None))).Code);
    }

    [Fact]
    public async Task Any_range_can_be_read()
    {
        byte[] content = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        _folder.With("a/b.mp4", content);
        using IByteSource source = await new LocalAssetStore(_folder.Root).OpenAsync("a/b.mp4", CancellationToken.None);
        byte[] buffer = new byte[300];

        Assert.Equal(("a/b.mp4", 200), (source.Path, source.Length));
        Assert.Equal(50, await source.ReadAsync(100, buffer, 10, 50, CancellationToken.None));
        Assert.Equal(content[100..150], buffer[10..60]);
        Assert.Equal(20, await source.ReadAsync(180, buffer, 0, 300, CancellationToken.None));
        Assert.Equal(content[180..], buffer[..20]);
        Assert.Equal(0, await source.ReadAsync(200, buffer, 0, 300, CancellationToken.None));
        Assert.Equal(0, await source.ReadAsync(1L << 40, buffer, 0, 300, CancellationToken.None));
    }

    [Fact]
    public async Task Threads_can_read_one_file_together()
    {
        byte[] content = new byte[100_000];
        new Random(3).NextBytes(content);
        _folder.With("a.mp4", content);
        using IByteSource source = await new LocalAssetStore(_folder.Root).OpenAsync("a.mp4", CancellationToken.None);

        Parallel.For(0, 2000, i =>
        {
            byte[] buffer = new byte[64];
            int offset = i * 45;
            Assert.Equal(64, source.ReadAsync(offset, buffer, 0, 64, CancellationToken.None).GetAwaiter().GetResult());
            Assert.True(content.AsSpan(offset, 64).SequenceEqual(buffer));
        });
    }

    [Fact]
    public async Task A_file_that_somebody_writes_to_fails_the_next_read()
    {
        _folder.With("a.mp4", 1, 2, 3, 4);
        File.SetLastWriteTimeUtc(_folder.Full("a.mp4"), new DateTime(2024, 6, 30, 0, 0, 0, DateTimeKind.Utc));
        using IByteSource source = await new LocalAssetStore(_folder.Root).OpenAsync("a.mp4", CancellationToken.None);
        await source.ReadAsync(0, new byte[2], 0, 2, CancellationToken.None);

        _folder.With("a.mp4", 5, 6, 7, 8);

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => source.ReadAsync(2, new byte[2], 0, 2, CancellationToken.None));
        Assert.Equal(("SourceChanged", "a.mp4", 2), (e.Code, e.File, e.Offset));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../outside.txt")]
    [InlineData("a/../../outside.txt")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("..\\outside.txt")]
    [InlineData("C:/x")]
    [InlineData("a\0b")]
    public async Task No_path_leaves_the_folder(string path)
    {
        var source = new LocalAssetStore(_folder.Root);
        var output = new LocalOutputStore(_folder.Root);
        Func<Task>[] ways =
        [
            () => source.OpenAsync(path, CancellationToken.None),
            () => output.CreateAsync(path, 1, "", null, CancellationToken.None),
            () => output.DeleteAsync(path, CancellationToken.None),
            () => output.GetLengthsAsync([path], CancellationToken.None),
            () => output.ReadAsync(path, 10, CancellationToken.None),
            () => Task.FromResult(output.Locate(path)),
        ];
        foreach (Func<Task> way in ways)
        {
            Assert.Equal("UnsafePath", (await Assert.ThrowsAsync<PackagingException>(way)).Code);
        }
    }

    [Fact]
    public async Task Links_that_leave_the_folder_are_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "to make links needs a privilege on Windows");
        using StorageFolder outside = new StorageFolder().With("secret.txt", 1);
        _folder.With("in/a.mp4", 1, 2);
        File.CreateSymbolicLink(_folder.Full("inner.mp4"), "in/a.mp4");
        File.CreateSymbolicLink(_folder.Full("broken.mp4"), "nowhere.mp4");
        File.CreateSymbolicLink(_folder.Full("out.txt"), outside.Full("secret.txt"));
        File.CreateSymbolicLink(_folder.Full("out2.txt"), "out.txt");
        File.CreateSymbolicLink(_folder.Full("out3.txt"), "outdir/secret.txt");
        Directory.CreateSymbolicLink(_folder.Full("outdir"), outside.Root);
        Directory.CreateSymbolicLink(_folder.Full("loop"), _folder.Root);
        var store = new LocalAssetStore(_folder.Root);

        IReadOnlyList<AssetFile> files = await store.ListAsync(CancellationToken.None);

        Assert.Equal([("in/a.mp4", 2), ("inner.mp4", 2)], files.Select(file => (file.Path, file.Length)));
        (await store.OpenAsync("inner.mp4", CancellationToken.None)).Dispose();
        foreach (string path in new[] { "out.txt", "out2.txt", "out3.txt", "outdir/secret.txt", "loop/in/a.mp4" })
        {
            Assert.Equal("FileUnreadable", (await Assert.ThrowsAsync<PackagingException>(() => store.OpenAsync(path, CancellationToken.None))).Code);
        }
    }

    [Fact]
    public async Task A_folder_that_cannot_be_read_is_named()
    {
        _folder.WithLocked("a/locked", UnixFileMode.None);

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => new LocalAssetStore(_folder.Root).ListAsync(CancellationToken.None));

        Assert.Equal(("FolderUnreadable", "a/locked"), (e.Code, e.File));
    }
}
