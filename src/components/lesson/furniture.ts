import Lab from '../labs/Lab.astro'
import Hint from '../missions/Hint.astro'
import Mission from '../missions/Mission.astro'
import Solution from '../missions/Solution.astro'
import Recorded from '../recorded/Recorded.astro'
import RecordedFrame from '../recorded/RecordedFrame.astro'
import RecordedHead from '../recorded/RecordedHead.astro'
import Choice from './Choice.astro'
import Client from './Client.astro'
import Fig from './Fig.astro'
import Myth from './Myth.astro'
import Note from './Note.astro'
import Option from './Option.astro'
import Plate from './Plate.astro'
import Predict from './Predict.astro'
import Prediction from './Prediction.astro'
import Quiz from './Quiz.astro'
import Reason from './Reason.astro'
import Rfc from './Rfc.astro'
import Server from './Server.astro'
import Summary from './Summary.astro'
import Term from './Term.astro'

/** What lessons may use without importing it; what each may be given is checked in `src/markdown/furniture.ts`. */
export const furniture = {
  Choice,
  Client,
  Fig,
  Hint,
  Lab,
  Mission,
  Myth,
  Note,
  Option,
  Plate,
  Predict,
  Prediction,
  Quiz,
  Reason,
  Recorded,
  RecordedFrame,
  RecordedHead,
  Rfc,
  Server,
  Solution,
  Summary,
  Term,
}
