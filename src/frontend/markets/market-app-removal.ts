/** Apps that go, and the images that they hold until their driver has them. */
import { endCloning } from '../objects/image-state.ts';
import type { MarketApp } from '../objects/market-app.ts';
import { imageUsers } from '../resources/image-use.ts';
import type { Cloud } from '../store/cloud.ts';

/** The image of which the app is made is free again, unless others use it. Within a transaction. */
export function releaseOrigin({ links, pools }: Cloud, app: MarketApp): void {
  if (!links.of('image.appClones', app.originId).has(app.id)) return;
  links.remove('image.appClones', app.originId, app.id);
  const image = pools.image.get(app.originId);
  if (image) pools.image.put(endCloning(image, imageUsers({ links }, image.id)));
}

/** Takes an app out of the cloud; what it stands for is left where it is. Within a transaction. */
export function dropApp(cloud: Cloud, app: MarketApp): void {
  releaseOrigin(cloud, app);
  cloud.pools.marketapp.delete(app.id);
}
